// A QR code as text: two rows of modules in a line of half blocks, light on dark or dark on light.

import { utf8 } from '../../../lib/bytes.ts'
import { qrModules } from '../../../lib/qr-code.ts'

/** With a margin of two modules: cameras want to see where it ends. */
export function qrText(text: string): string {
  const modules = qrModules(utf8(text))
  const size = modules.length
  const light = (x: number, y: number): boolean => modules[y]?.[x] !== true
  const lines: string[] = []
  for (let y = -2; y < size + 2; y += 2) {
    let line = ''
    for (let x = -2; x < size + 2; x++) {
      const [above, below] = [light(x, y), y + 1 < size + 2 && light(x, y + 1)]
      line += above ? (below ? '█' : '▀') : below ? '▄' : ' '
    }
    lines.push(line)
  }
  return lines.join('\n')
}
