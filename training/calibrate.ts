/** A raw score with its label and how much it counts. */
export interface Judged {
  readonly raw: number
  readonly label: 0 | 1
  readonly weight: number
}

/** Log-odds = slope * raw + intercept. */
export interface Calibration {
  readonly slope: number
  readonly intercept: number
}

const STEPS = 50

/**
 * Platt's calibration: the logistic curve through scores of texts that the model was not trained on, by Newton's method. A
 * straight line in log-odds, so that what adds up to the score adds up to the log-odds.
 */
export function calibrate(judged: readonly Judged[]): Calibration {
  let slope = 1
  let intercept = 0
  for (let step = 0; step < STEPS; step++) {
    // A touch of ridge keeps the curve finite where the labels are parted cleanly.
    const gradient = { slope: 1e-3 * (slope - 1), intercept: 1e-3 * intercept }
    const curve = { slope: 1e-3, both: 0, intercept: 1e-3 }
    for (const { raw, label, weight } of judged) {
      const probability = 1 / (1 + Math.exp(-slope * raw - intercept))
      const error = weight * (probability - label)
      const spread = weight * probability * (1 - probability)
      gradient.slope += error * raw
      gradient.intercept += error
      curve.slope += spread * raw * raw
      curve.both += spread * raw
      curve.intercept += spread
    }
    const determinant = curve.slope * curve.intercept - curve.both * curve.both
    if (determinant <= 0) break
    slope -= (curve.intercept * gradient.slope - curve.both * gradient.intercept) / determinant
    intercept -= (curve.slope * gradient.intercept - curve.both * gradient.slope) / determinant
  }
  return { slope, intercept }
}

/** The value that so large a share of the values lies above; the highest for a share below one of them. */
export function quantileAbove(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => other - one)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
