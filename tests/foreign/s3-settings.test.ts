// S3 of `virga local start`: what buckets are set to do, and answers beside recorded ones of AWS.

import { served } from '../witnesses/foreign-cases.ts'

const { boto3 } = await served('s3-settings')

await boto3('boto3, recorded', 17, 'boto3_s3_recorded_cases.py')
await boto3('boto3 and settings', 10, 'boto3_s3_settings_cases.py')
