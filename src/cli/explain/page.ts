import type { TextExplanation, Word } from '../../screen/explain.ts'

/** A page about one decision that needs nothing else: no script, no font, nothing from anywhere. */
export function pageOf(text: string, explanation: TextExplanation, threshold: number): string {
  const { score, logOdds, base, absent, words, view, without, origin } = explanation
  const verdict = score >= threshold ? 'rejected' : 'passed'
  const title = `${verdict}: ${score.toFixed(3)} at threshold ${threshold}`
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title>
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
body { font: 16px/1.6 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1f; background: #fff }
.text { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid #ccc; border-radius: 6px; padding: 1rem }
mark { color: inherit; border-radius: 3px } td { padding: 0 .6rem } td.n { text-align: right; font-variant-numeric: tabular-nums }
svg { width: 100%; height: auto } small { color: #555 }
</style></head><body>
<h1>${escaped(title)}</h1>
<p>Judged as <b>${escaped(origin)}</b>${view === undefined ? '' : `, revealed by decoding <b>${escaped(view)}</b>`}.
Log-odds ${signed(logOdds)} = ${signed(base)} (an average text) ${signed(absent)} (what that has and this has not) ${signed(sumOf(words))} (the words below).</p>
${forces(words, { base: base + absent, logOdds })}
<h2>The text</h2>
<div class="text">${view === undefined ? highlighted(text, words) : decoded(words)}</div>
<p><small>Red speaks for an attack, blue against one; given the strongest window and view the values are exact Shapley values.</small></p>
${flip(without)}
<h2>Words by weight</h2>
<table>${byWeight(words)
    .map(({ word, value }) => `<tr><td>${escaped(word)}</td><td class="n">${signed(value)}</td></tr>`)
    .join('')}</table>
</body></html>
`
}

function flip(without: TextExplanation['without']): string {
  if (without === undefined) return ''
  const spans = without.spans.map(({ word }) => `<q>${escaped(word)}</q>`).join(' and ')
  return `<p>Without ${spans} it would score ${without.score.toFixed(3)} and pass: scored again.</p>`
}

/** Words that push up and down from the average to the score, the heaviest next to it. */
function forces(words: readonly Word[], { base, logOdds }: { base: number; logOdds: number }): string {
  const up = words.filter(({ value }) => value > 0).sort((a, b) => a.value - b.value)
  const down = words.filter(({ value }) => value < 0).sort((a, b) => b.value - a.value)
  const most = Math.max(sumOf(up), -sumOf(down), 1e-9)
  const scale = 900 / most
  const bar = (list: readonly Word[], y: number, colour: string): string => {
    let x = 50
    return list
      .map(({ word, value }) => {
        const width = Math.abs(value) * scale
        const at = x
        x += width
        const label = width > 8 * Math.min(word.length, 12) ? escaped(word.slice(0, 12)) : ''
        return `<g><title>${escaped(word)} ${signed(value)}</title><rect x="${at.toFixed(1)}" y="${y}" width="${Math.max(width - 1, 0).toFixed(1)}" height="26" fill="${colour}"/><text x="${(at + 4).toFixed(1)}" y="${y + 18}" font-size="13" fill="#fff">${label}</text></g>`
      })
      .join('')
  }
  return `<svg viewBox="0 0 1000 110" role="img" aria-label="What pushed the score">
<text x="50" y="16" font-size="14">from ${signed(base)} to ${signed(logOdds)}</text>
${bar(up, 28, '#c2263a')}${bar(down, 66, '#1f5fbf')}</svg>`
}

function highlighted(text: string, words: readonly Word[]): string {
  const most = Math.max(...words.map(({ value }) => Math.abs(value)), 1e-9)
  let html = ''
  let at = 0
  for (const { start, end, value } of words) {
    if (start < at) continue
    html += `${escaped(text.slice(at, start))}<mark style="background:${colourOf(value / most)}">${escaped(text.slice(start, end))}</mark>`
    at = end
  }
  return html + escaped(text.slice(at))
}

function decoded(words: readonly Word[]): string {
  const most = Math.max(...words.map(({ value }) => Math.abs(value)), 1e-9)
  return words
    .map(({ word, value }) => `<mark style="background:${colourOf(value / most)}">${escaped(word)}</mark>`)
    .join(' ')
}

/** -1 blue, 0 nothing, 1 red. */
function colourOf(weight: number): string {
  const strength = Math.round(Math.abs(weight) * 60)
  return `rgb(${weight > 0 ? '194 38 58' : '31 95 191'} / ${strength}%)`
}

/** The heaviest first. */
export function byWeight(words: readonly Word[]): readonly Word[] {
  return words.toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value))
}

function sumOf(words: readonly Word[]): number {
  return words.reduce((sum, { value }) => sum + value, 0)
}

/** With its sign and two digits. */
export function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

// The text may be an attack on whoever reads about it.
function escaped(text: string): string {
  return text
    .replace(/[&<>"']/g, (char) => ENTITIES[char] ?? '')
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '\u25a1')
}
