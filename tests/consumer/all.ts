// Every service there is, declared.

import { aws } from 'virga/all'

const { items } = aws.ec2({ region: 'eu-west-1' }).describeInstances
for await (const { Instances } of items({ MaxResults: 5 }))
  for (const { InstanceId } of Instances ?? []) void InstanceId
void aws.resourceExplorer2().search({ QueryString: 'region:eu-west-1' })
