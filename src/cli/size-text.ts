// Sizes as people read them, in powers of two.

const UNITS = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB']

/** `1 Byte`, `12 Bytes`, `1.5 KiB`. */
export function sizeText(bytes: number): string {
  if (bytes === 1) return '1 Byte'
  if (bytes < 1024) return `${Math.trunc(bytes)} Bytes`
  let value = bytes / 1024
  for (const unit of UNITS) {
    if (Math.round(value) < 1024 || unit === 'EiB') return `${oneDecimal(value)} ${unit}`
    value /= 1024
  }
  return String(bytes)
}

/** As Python rounds: what lies in the middle goes to the even digit, so 1.25 is 1.2. */
function oneDecimal(value: number): string {
  return (value * 4) % 4 === 1 ? (Math.floor(value * 10) / 10).toFixed(1) : value.toFixed(1)
}
