// The query protocol (IAM, STS, SNS, CloudFormation …).

import { queryForm } from './form.ts'
import { formRpc } from './form-rpc.ts'

export const query = formRpc(queryForm)
