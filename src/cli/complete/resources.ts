// Which operation lists the names that an option wants? One row for a kind of resource.

export interface Resource {
  /** The options that take such a name, separated by blanks. */
  readonly options: string
  /** Of the same service. */
  readonly lists: string
  /** JMESPath: where the names are in the answer. */
  readonly names: string
  /** Only in the commands that begin so. */
  readonly commands?: readonly string[]
}

/** By the service's command. The first row that fits counts. */
export const resources: Readonly<Record<string, readonly Resource[]>> = {
  acm: [{ options: 'certificate-arn', lists: 'ListCertificates', names: 'CertificateSummaryList[].CertificateArn' }],
  apigateway: [{ options: 'rest-api-id', lists: 'GetRestApis', names: 'items[].id' }],
  apigatewayv2: [{ options: 'api-id', lists: 'GetApis', names: 'Items[].ApiId' }],
  athena: [
    { options: 'work-group', lists: 'ListWorkGroups', names: 'WorkGroups[].Name' },
    { options: 'named-query-id', lists: 'ListNamedQueries', names: 'NamedQueryIds' },
  ],
  autoscaling: [
    {
      options: 'auto-scaling-group-name auto-scaling-group-names',
      lists: 'DescribeAutoScalingGroups',
      names: 'AutoScalingGroups[].AutoScalingGroupName',
    },
    {
      options: 'launch-configuration-name launch-configuration-names',
      lists: 'DescribeLaunchConfigurations',
      names: 'LaunchConfigurations[].LaunchConfigurationName',
    },
  ],
  backup: [{ options: 'backup-vault-name', lists: 'ListBackupVaults', names: 'BackupVaultList[].BackupVaultName' }],
  batch: [
    { options: 'job-queue job-queues', lists: 'DescribeJobQueues', names: 'jobQueues[].jobQueueName' },
    {
      options: 'compute-environment compute-environments',
      lists: 'DescribeComputeEnvironments',
      names: 'computeEnvironments[].computeEnvironmentName',
    },
  ],
  cloudformation: [{ options: 'stack-name', lists: 'DescribeStacks', names: 'Stacks[].StackName' }],
  cloudfront: [
    {
      options: 'id distribution-id',
      lists: 'ListDistributions',
      names: 'DistributionList.Items[].Id',
      commands: ['get-distribution', 'update-distribution', 'delete-distribution', 'create-invalidation', 'list-inv'],
    },
  ],
  cloudtrail: [{ options: 'trail-name', lists: 'ListTrails', names: 'Trails[].Name' }],
  cloudwatch: [
    { options: 'alarm-name alarm-names', lists: 'DescribeAlarms', names: 'MetricAlarms[].AlarmName' },
    { options: 'dashboard-name dashboard-names', lists: 'ListDashboards', names: 'DashboardEntries[].DashboardName' },
  ],
  codebuild: [{ options: 'project-name names', lists: 'ListProjects', names: 'projects' }],
  codecommit: [
    {
      options: 'repository-name repository-names',
      lists: 'ListRepositories',
      names: 'repositories[].repositoryName',
    },
  ],
  codepipeline: [{ options: 'name pipeline-name', lists: 'ListPipelines', names: 'pipelines[].name' }],
  'cognito-idp': [{ options: 'user-pool-id', lists: 'ListUserPools', names: 'UserPools[].Id' }],
  deploy: [{ options: 'application-name application-names', lists: 'ListApplications', names: 'applications' }],
  dynamodb: [{ options: 'table-name', lists: 'ListTables', names: 'TableNames' }],
  dynamodbstreams: [{ options: 'stream-arn', lists: 'ListStreams', names: 'Streams[].StreamArn' }],
  ec2: [
    {
      options: 'instance-id instance-ids',
      lists: 'DescribeInstances',
      names: 'Reservations[].Instances[].InstanceId',
    },
    { options: 'image-id image-ids', lists: 'DescribeImages', names: 'Images[].ImageId' },
    { options: 'volume-id volume-ids', lists: 'DescribeVolumes', names: 'Volumes[].VolumeId' },
    { options: 'snapshot-id snapshot-ids', lists: 'DescribeSnapshots', names: 'Snapshots[].SnapshotId' },
    { options: 'vpc-id vpc-ids', lists: 'DescribeVpcs', names: 'Vpcs[].VpcId' },
    { options: 'subnet-id subnet-ids', lists: 'DescribeSubnets', names: 'Subnets[].SubnetId' },
    {
      options: 'group-id group-ids security-group-id security-group-ids groups',
      lists: 'DescribeSecurityGroups',
      names: 'SecurityGroups[].GroupId',
    },
    {
      options: 'group-name group-names security-groups',
      lists: 'DescribeSecurityGroups',
      names: 'SecurityGroups[].GroupName',
    },
    { options: 'key-name key-names', lists: 'DescribeKeyPairs', names: 'KeyPairs[].KeyName' },
    { options: 'key-pair-id key-pair-ids', lists: 'DescribeKeyPairs', names: 'KeyPairs[].KeyPairId' },
    { options: 'route-table-id route-table-ids', lists: 'DescribeRouteTables', names: 'RouteTables[].RouteTableId' },
    {
      options: 'internet-gateway-id internet-gateway-ids',
      lists: 'DescribeInternetGateways',
      names: 'InternetGateways[].InternetGatewayId',
    },
    { options: 'nat-gateway-id nat-gateway-ids', lists: 'DescribeNatGateways', names: 'NatGateways[].NatGatewayId' },
    { options: 'network-acl-id network-acl-ids', lists: 'DescribeNetworkAcls', names: 'NetworkAcls[].NetworkAclId' },
    {
      options: 'network-interface-id network-interface-ids',
      lists: 'DescribeNetworkInterfaces',
      names: 'NetworkInterfaces[].NetworkInterfaceId',
    },
    { options: 'allocation-id allocation-ids', lists: 'DescribeAddresses', names: 'Addresses[].AllocationId' },
    {
      options: 'launch-template-id launch-template-ids',
      lists: 'DescribeLaunchTemplates',
      names: 'LaunchTemplates[].LaunchTemplateId',
    },
    {
      options: 'launch-template-name launch-template-names',
      lists: 'DescribeLaunchTemplates',
      names: 'LaunchTemplates[].LaunchTemplateName',
    },
    {
      options: 'vpc-endpoint-id vpc-endpoint-ids',
      lists: 'DescribeVpcEndpoints',
      names: 'VpcEndpoints[].VpcEndpointId',
    },
    {
      options: 'transit-gateway-id transit-gateway-ids',
      lists: 'DescribeTransitGateways',
      names: 'TransitGateways[].TransitGatewayId',
    },
    { options: 'availability-zone', lists: 'DescribeAvailabilityZones', names: 'AvailabilityZones[].ZoneName' },
  ],
  ecr: [
    {
      options: 'repository-name repository-names',
      lists: 'DescribeRepositories',
      names: 'repositories[].repositoryName',
    },
  ],
  ecs: [
    { options: 'cluster clusters', lists: 'ListClusters', names: 'clusterArns' },
    { options: 'task-definition', lists: 'ListTaskDefinitions', names: 'taskDefinitionArns' },
    { options: 'service services', lists: 'ListServices', names: 'serviceArns' },
    { options: 'task tasks', lists: 'ListTasks', names: 'taskArns' },
  ],
  efs: [{ options: 'file-system-id', lists: 'DescribeFileSystems', names: 'FileSystems[].FileSystemId' }],
  eks: [
    { options: 'cluster-name', lists: 'ListClusters', names: 'clusters' },
    {
      options: 'name',
      lists: 'ListClusters',
      names: 'clusters',
      commands: ['describe-', 'delete-', 'update-', 'wait'],
    },
  ],
  elasticache: [
    { options: 'cache-cluster-id', lists: 'DescribeCacheClusters', names: 'CacheClusters[].CacheClusterId' },
    {
      options: 'replication-group-id',
      lists: 'DescribeReplicationGroups',
      names: 'ReplicationGroups[].ReplicationGroupId',
    },
  ],
  elasticbeanstalk: [
    {
      options: 'application-name application-names',
      lists: 'DescribeApplications',
      names: 'Applications[].ApplicationName',
    },
    {
      options: 'environment-name environment-names',
      lists: 'DescribeEnvironments',
      names: 'Environments[].EnvironmentName',
    },
  ],
  elb: [
    {
      options: 'load-balancer-name load-balancer-names',
      lists: 'DescribeLoadBalancers',
      names: 'LoadBalancerDescriptions[].LoadBalancerName',
    },
  ],
  elbv2: [
    {
      options: 'load-balancer-arn load-balancer-arns',
      lists: 'DescribeLoadBalancers',
      names: 'LoadBalancers[].LoadBalancerArn',
    },
    {
      options: 'target-group-arn target-group-arns',
      lists: 'DescribeTargetGroups',
      names: 'TargetGroups[].TargetGroupArn',
    },
  ],
  emr: [{ options: 'cluster-id cluster-ids', lists: 'ListClusters', names: 'Clusters[].Id' }],
  events: [
    { options: 'rule', lists: 'ListRules', names: 'Rules[].Name' },
    {
      options: 'name',
      lists: 'ListRules',
      names: 'Rules[].Name',
      commands: ['describe-rule', 'delete-rule', 'disable-rule', 'enable-rule', 'put-rule'],
    },
    { options: 'event-bus-name', lists: 'ListEventBuses', names: 'EventBuses[].Name' },
  ],
  firehose: [{ options: 'delivery-stream-name', lists: 'ListDeliveryStreams', names: 'DeliveryStreamNames' }],
  glue: [
    { options: 'database-name', lists: 'GetDatabases', names: 'DatabaseList[].Name' },
    { options: 'job-name', lists: 'GetJobs', names: 'Jobs[].Name' },
    { options: 'crawler-name', lists: 'ListCrawlers', names: 'CrawlerNames' },
  ],
  iam: [
    { options: 'user-name', lists: 'ListUsers', names: 'Users[].UserName' },
    { options: 'role-name', lists: 'ListRoles', names: 'Roles[].RoleName' },
    { options: 'group-name', lists: 'ListGroups', names: 'Groups[].GroupName' },
    { options: 'policy-arn', lists: 'ListPolicies', names: 'Policies[].Arn' },
    {
      options: 'instance-profile-name',
      lists: 'ListInstanceProfiles',
      names: 'InstanceProfiles[].InstanceProfileName',
    },
    { options: 'saml-provider-arn', lists: 'ListSAMLProviders', names: 'SAMLProviderList[].Arn' },
    {
      options: 'open-id-connect-provider-arn',
      lists: 'ListOpenIDConnectProviders',
      names: 'OpenIDConnectProviderList[].Arn',
    },
    { options: 'serial-number', lists: 'ListVirtualMFADevices', names: 'VirtualMFADevices[].SerialNumber' },
    { options: 'access-key-id', lists: 'ListAccessKeys', names: 'AccessKeyMetadata[].AccessKeyId' },
  ],
  kinesis: [{ options: 'stream-name', lists: 'ListStreams', names: 'StreamNames' }],
  kms: [
    { options: 'key-id target-key-id', lists: 'ListKeys', names: 'Keys[].KeyId' },
    { options: 'alias-name', lists: 'ListAliases', names: 'Aliases[].AliasName' },
  ],
  lambda: [
    { options: 'function-name', lists: 'ListFunctions', names: 'Functions[].FunctionName' },
    { options: 'layer-name', lists: 'ListLayers', names: 'Layers[].LayerName' },
    { options: 'uuid', lists: 'ListEventSourceMappings', names: 'EventSourceMappings[].UUID' },
  ],
  logs: [
    {
      options: 'log-group-name log-group-names group_name log-group-name-prefix',
      lists: 'DescribeLogGroups',
      names: 'logGroups[].logGroupName',
    },
  ],
  opensearch: [{ options: 'domain-name', lists: 'ListDomainNames', names: 'DomainNames[].DomainName' }],
  organizations: [{ options: 'account-id', lists: 'ListAccounts', names: 'Accounts[].Id' }],
  rds: [
    {
      options: 'db-instance-identifier',
      lists: 'DescribeDBInstances',
      names: 'DBInstances[].DBInstanceIdentifier',
    },
    { options: 'db-cluster-identifier', lists: 'DescribeDBClusters', names: 'DBClusters[].DBClusterIdentifier' },
    { options: 'db-snapshot-identifier', lists: 'DescribeDBSnapshots', names: 'DBSnapshots[].DBSnapshotIdentifier' },
    { options: 'db-subnet-group-name', lists: 'DescribeDBSubnetGroups', names: 'DBSubnetGroups[].DBSubnetGroupName' },
    {
      options: 'db-parameter-group-name',
      lists: 'DescribeDBParameterGroups',
      names: 'DBParameterGroups[].DBParameterGroupName',
    },
  ],
  redshift: [{ options: 'cluster-identifier', lists: 'DescribeClusters', names: 'Clusters[].ClusterIdentifier' }],
  route53: [
    { options: 'hosted-zone-id', lists: 'ListHostedZones', names: 'HostedZones[].Id' },
    {
      options: 'id',
      lists: 'ListHostedZones',
      names: 'HostedZones[].Id',
      commands: ['get-hosted-zone', 'delete-hosted-zone'],
    },
    { options: 'health-check-id', lists: 'ListHealthChecks', names: 'HealthChecks[].Id' },
  ],
  s3api: [{ options: 'bucket', lists: 'ListBuckets', names: 'Buckets[].Name' }],
  secretsmanager: [{ options: 'secret-id', lists: 'ListSecrets', names: 'SecretList[].Name' }],
  ses: [{ options: 'identity identities', lists: 'ListIdentities', names: 'Identities' }],
  sns: [
    { options: 'topic-arn', lists: 'ListTopics', names: 'Topics[].TopicArn' },
    { options: 'subscription-arn', lists: 'ListSubscriptions', names: 'Subscriptions[].SubscriptionArn' },
  ],
  sqs: [{ options: 'queue-url', lists: 'ListQueues', names: 'QueueUrls' }],
  ssm: [
    {
      options: 'name names',
      lists: 'DescribeParameters',
      names: 'Parameters[].Name',
      commands: ['get-parameter', 'put-parameter', 'delete-parameter', 'label-parameter', 'unlabel-parameter'],
    },
    { options: 'document-name', lists: 'ListDocuments', names: 'DocumentIdentifiers[].Name' },
    { options: 'target', lists: 'DescribeInstanceInformation', names: 'InstanceInformationList[].InstanceId' },
    {
      options: 'instance-id instance-ids',
      lists: 'DescribeInstanceInformation',
      names: 'InstanceInformationList[].InstanceId',
    },
  ],
  stepfunctions: [
    { options: 'state-machine-arn', lists: 'ListStateMachines', names: 'stateMachines[].stateMachineArn' },
    { options: 'activity-arn', lists: 'ListActivities', names: 'activities[].activityArn' },
  ],
}

/** What lists the names for `service command --option`. */
export function resourceFor(service: string, command: string, option: string): Resource | undefined {
  if (command.startsWith('create-') && !option.endsWith('s') && namesTheNew(command, option)) return undefined
  const rows = Object.hasOwn(resources, service) ? resources[service]! : []
  return rows.find(({ options, commands }) => {
    const fits = commands?.some((beginning) => command.startsWith(beginning)) ?? true
    return fits && options.split(' ').includes(option)
  })
}

/** `create-bucket --bucket`, `create-table --table-name`: a name that must not be there yet. */
function namesTheNew(command: string, option: string): boolean {
  const kind = command.slice('create-'.length)
  return option === kind || option === `${kind}-name` || option === `${kind}-id` || option === `${kind}-identifier`
}
