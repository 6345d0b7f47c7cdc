import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { generated } from '../../../scripts/reference.ts'
import { detectors } from '../../../src/screen/detectors/index.ts'

const PAGE = 'docs/reference/detectors.md'

it('lists every detector in the reference as the registry has it', () => {
  const page = readFileSync(new URL(`../../../${PAGE}`, import.meta.url), 'utf8')

  expect(page).toBe(generated().get(PAGE))
  for (const { name, summary } of detectors) expect(page).toContain(`| \`${name}\` | ${summary} |`)
})
