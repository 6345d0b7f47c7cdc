import { expect, it } from 'vitest'
import { http1 } from '../fuzz/http1.ts'

it(
  'R1, R2: a lane reads no other requests than a strict parser does, however the bytes are cut',
  { timeout: 120_000 },
  async () => {
    await expect(http1.run(15_000, 7)).resolves.toBeUndefined()
  },
)
