// The ec2 protocol: query with EC2's names, and no result wrapper.

import { ec2Form } from './form.ts'
import { formRpc } from './form-rpc.ts'

export const ec2 = formRpc(ec2Form)
