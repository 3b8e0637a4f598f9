// Every operation of EC2 of `virga local start` is asked by boto3 for what is not there, and by a user who may do nothing; and who
// manages addresses, and where people come in.

import { served } from '../witnesses/foreign-cases.ts'

const { boto3 } = await served('ec2-every')

await boto3('boto3, address managers', 3, 'boto3_ec2_ipam_cases.py')
await boto3('boto3, Client VPN', 3, 'boto3_ec2_client_vpn_cases.py')
// Last: what needs no names is made and left behind.
await boto3('boto3, every operation', 4, 'boto3_ec2_every_cases.py')
