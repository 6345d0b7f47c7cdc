/** 97.5th percentile of the normal distribution: an interval that holds the true rate in 95 % of cases. */
const Z = 1.959_963_985

/** Wilson's 95 % interval of a rate of which `hits` of `count` were seen; from 0 to 1 where nothing was. */
export function wilson(hits: number, count: number): readonly [low: number, high: number] {
  if (count === 0) return [0, 1]

  const rate = hits / count
  const square = (Z * Z) / count
  const middle = rate + square / 2
  const reach = Z * Math.sqrt((rate * (1 - rate)) / count + square / (4 * count))
  return [Math.max(0, (middle - reach) / (1 + square)), Math.min(1, (middle + reach) / (1 + square))]
}
