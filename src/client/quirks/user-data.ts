// The script a machine starts with goes over the wire in base64, though the model calls it a string.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html

import { toBase64, utf8 } from '../../lib/bytes.ts'
import type { Structure } from '../../lib/value.ts'
import type { Quirks } from './index.ts'

export const autoscaling: Quirks = {
  input: (input, { operation }) =>
    operation.name === 'CreateLaunchConfiguration' ? withEncodedUserData(input) : input,
}

export function withEncodedUserData(input: Structure): Structure {
  const script = input['UserData']
  if (typeof script === 'string') input['UserData'] = toBase64(utf8(script))
  else if (script instanceof Uint8Array) input['UserData'] = toBase64(script)
  return input
}
