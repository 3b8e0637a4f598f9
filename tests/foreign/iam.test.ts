// IAM of `virga local start` beside recorded answers of AWS: what is told, and the words of every refusal.

import { served } from '../witnesses/foreign-cases.ts'

const { boto3 } = await served('iam')

await boto3('boto3, recorded', 9, 'boto3_iam_recorded_cases.py')
