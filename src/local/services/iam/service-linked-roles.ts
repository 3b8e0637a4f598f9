// Which services have a role of their own in an account, how is it called, and which policy does it carry?
// A data table (names and policies as AWS gave them, recorded by LocalStack's authors): service, role, policy.

/** `…` stands for `AWSServiceRoleFor`. */
const table = `
accountdiscovery.ssm …AmazonSSM_AccountDiscovery AWSSystemsManagerAccountDiscoveryServicePolicy
acm …CertificateManager CertificateManagerServiceRolePolicy
appmesh …AppMesh AWSAppMeshServiceRolePolicy
autoscaling-plans …AutoScalingPlans_EC2AutoScaling AWSAutoScalingPlansEC2AutoScalingPolicy
autoscaling …AutoScaling AutoScalingServiceRolePolicy
backup …Backup AWSBackupServiceLinkedRolePolicyForBackup
batch …Batch BatchServiceRolePolicy
cassandra.application-autoscaling …ApplicationAutoScaling_CassandraTable AWSApplicationAutoscalingCassandraTablePolicy
cks.kms …KeyManagementServiceCustomKeyStores AWSKeyManagementServiceCustomKeyStoresServiceRolePolicy
cloudtrail …CloudTrail CloudTrailServiceRolePolicy
codestar-notifications …CodeStarNotifications AWSCodeStarNotificationsServiceRolePolicy
config …Config AWSConfigServiceRolePolicy
connect …AmazonConnect AmazonConnectServiceLinkedRolePolicy
dms-fleet-advisor …DMSFleetAdvisor AWSDMSFleetAdvisorServiceRolePolicy
dms …DMSServerless AWSDMSServerlessServiceRolePolicy
docdb-elastic …DocDB-Elastic AmazonDocDB-ElasticServiceRolePolicy
dynamodb.application-autoscaling …ApplicationAutoScaling_DynamoDBTable AWSApplicationAutoscalingDynamoDBTablePolicy
ec2-instance-connect …Ec2InstanceConnect Ec2InstanceConnectEndpoint
ec2.application-autoscaling …ApplicationAutoScaling_EC2SpotFleetRequest AWSApplicationAutoscalingEC2SpotFleetRequestPolicy
ecr …ECRTemplate ECRTemplateServiceRolePolicy
ecs …ECS AmazonECSServiceRolePolicy
ecs.application-autoscaling …ApplicationAutoScaling_ECSService AWSApplicationAutoscalingECSServicePolicy
eks-connector …AmazonEKSConnector AmazonEKSConnectorServiceRolePolicy
eks-fargate …AmazonEKSForFargate AmazonEKSForFargateServiceRolePolicy
eks-nodegroup …AmazonEKSNodegroup AWSServiceRoleForAmazonEKSNodegroup
eks …AmazonEKS AmazonEKSServiceRolePolicy
elasticache …ElastiCache ElastiCacheServiceRolePolicy
elasticbeanstalk …ElasticBeanstalk AWSElasticBeanstalkServiceRolePolicy
elasticfilesystem …AmazonElasticFileSystem AmazonElasticFileSystemServiceRolePolicy
elasticloadbalancing …ElasticLoadBalancing AWSElasticLoadBalancingServiceRolePolicy
email.cognito-idp …AmazonCognitoIdpEmailService AmazonCognitoIdpEmailServiceRolePolicy
emr-containers …AmazonEMRContainers AmazonEMRContainersServiceRolePolicy
emrwal …EMRWAL EMRDescribeClusterPolicyForEMRWAL
events …CloudWatchEvents CloudWatchEventsServiceRolePolicy
fis …FIS AmazonFISServiceRolePolicy
grafana …AmazonGrafana AmazonGrafanaServiceLinkedRolePolicy
guardduty …AmazonGuardDuty AmazonGuardDutyServiceRolePolicy
imagebuilder …ImageBuilder AWSServiceRoleForImageBuilder
inspector2 …AmazonInspector2 AmazonInspector2ServiceRolePolicy
iotmanagedintegrations …IoTManagedIntegrations AWSIoTManagedIntegrationsRolePolicy
kafka …Kafka KafkaServiceRolePolicy
kafkaconnect …KafkaConnect KafkaConnectServiceRolePolicy
lakeformation …LakeFormationDataAccess LakeFormationDataAccessServiceRolePolicy
lex …LexBots LexBotPolicy
lexv2 …LexV2Bots AmazonLexV2BotPolicy
lightsail …Lightsail LightsailExportAccess
m2 …AWSM2 AWSM2ServicePolicy
macie …AmazonMacie AmazonMacieServiceRolePolicy
memorydb …MemoryDB MemoryDBServiceRolePolicy
mq …AmazonMQ AmazonMQServiceRolePolicy
mrk.kms …KeyManagementServiceMultiRegionKeys AWSKeyManagementServiceMultiRegionKeysServiceRolePolicy
notifications …AwsUserNotifications AWSUserNotificationsServiceLinkedRolePolicy
observability.aoss …AmazonOpenSearchServerless AmazonOpenSearchServerlessServiceRolePolicy
opensearchservice …AmazonOpenSearchService AmazonOpenSearchServiceRolePolicy
ops.apigateway …APIGateway APIGatewayServiceRolePolicy
ops.emr-serverless …AmazonEMRServerless AmazonEMRServerlessServiceRolePolicy
opsdatasync.ssm …SystemsManagerOpsDataSync AWSSystemsManagerOpsDataSyncServiceRolePolicy
opsinsights.ssm …AmazonSSM_OpsInsights AWSSSMOpsInsightsServiceRolePolicy
organizations …Organizations AWSOrganizationsServiceTrustPolicy
pullthroughcache.ecr …ECRPullThroughCache AWSECRPullThroughCache_ServiceRolePolicy
ram …ResourceAccessManager AWSResourceAccessManagerServiceRolePolicy
rds …RDS AmazonRDSServiceRolePolicy
redshift …Redshift AmazonRedshiftServiceLinkedRolePolicy
replication.cassandra …KeyspacesReplication KeyspacesReplicationServiceRolePolicy
replication.dynamodb …DynamoDBReplication DynamoDBReplicationServiceRolePolicy
replication.ecr …ECRReplication ECRReplicationServiceRolePolicy
repository.sync.codeconnections …GitSync AWSGitSyncServiceRolePolicy
resource-explorer-2 …ResourceExplorer AWSResourceExplorerServiceRolePolicy
rolesanywhere …RolesAnywhere AWSRolesAnywhereServicePolicy
s3-outposts …S3OnOutposts AWSS3OnOutpostsServiceRolePolicy
securityhub …SecurityHub AWSSecurityHubServiceRolePolicy
servicequotas …ServiceQuotas ServiceQuotasServiceRolePolicy
ses …AmazonSES AmazonSESServiceRolePolicy
shield …AWSShield AWSShieldServiceRolePolicy
spot …EC2Spot AWSEC2SpotServiceRolePolicy
spotfleet …EC2SpotFleet AWSEC2SpotFleetServiceRolePolicy
ssm-incidents …IncidentManager AWSIncidentManagerServiceRolePolicy
ssm-quicksetup …SSMQuickSetup SSMQuickSetupRolePolicy
ssm …AmazonSSM AmazonSSMServiceRolePolicy
sso …SSO AWSSSOServiceRolePolicy
support …Support AWSSupportServiceRolePolicy
transitgateway …VPCTransitGateway AWSVPCTransitGatewayServiceRolePolicy
trustedadvisor …TrustedAdvisor AWSTrustedAdvisorServiceRolePolicy
vpcorigin.cloudfront …CloudFrontVPCOrigin AWSCloudFrontVPCOriginServiceRolePolicy
waf …WAFLogging WAFLoggingServiceRolePolicy
wafv2 …WAFV2Logging WAFV2LoggingServiceRolePolicy`

/** The few that may be there more than once, under names with a suffix. */
const suffixed = ['autoscaling', 'connect', 'lexv2'].map(principal)

export interface ServiceLinkedRole {
  readonly service: string
  readonly roleName: string
  readonly policyArn: string
  readonly suffixAllowed: boolean
}

let known: ReadonlyMap<string, ServiceLinkedRole> | undefined

/** Undefined for a service that has none, or whose role this table does not know. */
export function serviceLinkedRole(service: string): ServiceLinkedRole | undefined {
  return serviceLinkedRoles().get(service)
}

export function serviceLinkedRoles(): ReadonlyMap<string, ServiceLinkedRole> {
  return (known ??= new Map(
    table
      .trim()
      .split('\n')
      .map((line) => {
        const [prefix, name, policy] = line.split(' ') as [string, string, string]
        const service = principal(prefix)
        const roleName = name.replace('…', 'AWSServiceRoleFor')
        const policyArn = `arn:aws:iam::aws:policy/aws-service-role/${policy}`
        return [service, { service, roleName, policyArn, suffixAllowed: suffixed.includes(service) }]
      }),
  ))
}

function principal(prefix: string): string {
  return `${prefix}.amazonaws.com`
}
