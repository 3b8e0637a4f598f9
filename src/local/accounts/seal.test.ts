import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { seal, unseal } from './seal.ts'

const secret = new Uint8Array(32).fill(7)
const header = new Uint8Array([1, 2, 3])

test('what is sealed comes back, looks different each time, and opens with nothing else', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (plain) => {
      const sealed = seal(secret, header, plain)
      expect(unseal(secret, header, sealed)).toBe(plain)
      expect(seal(secret, header, plain)).not.toBe(sealed)
      expect(unseal(new Uint8Array(32), header, sealed)).toBeUndefined()
      expect(unseal(secret, new Uint8Array([1, 2, 4]), sealed)).toBeUndefined()
    }),
  )
})

test('no changed, shortened or lengthened text opens', () => {
  const sealed = seal(secret, header, 'account 123456789012, role Developer')
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/='
  fc.assert(
    fc.property(fc.nat(sealed.length - 1), fc.constantFrom(...alphabet), (at, letter) => {
      const changed = sealed.slice(0, at) + letter + sealed.slice(at + 1)
      if (changed !== sealed) expect(unseal(secret, header, changed)).toBeUndefined()
      expect(unseal(secret, header, sealed.slice(0, at))).toBeUndefined()
      expect(unseal(secret, header, sealed + letter)).toBeUndefined()
    }),
    { numRuns: 500 },
  )
})
