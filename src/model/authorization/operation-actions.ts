// Which IAM actions does an operation need, where it is not the one of its own name?
//
// Written by hand from the Service Authorization Reference and the services' own permission pages. A name without a
// prefix is one of the service's own; an empty list is an operation that everybody may call who is somebody. What is
// neither here nor in the reference is unmapped: it is asked for by its own name, and so only `*` allows it.
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html

import type { Structure } from '../../lib/value.ts'

/** The prefix of a service's actions, by model name, where it is neither the signing name nor the endpoint's. */
export const prefixes: Readonly<Record<string, string>> = {
  cloudcontrol: 'cloudformation',
  'customer-profiles': 'profile',
  email: 'ses',
  'iot-data': 'iot',
  'iot-jobs-data': 'iotjobsdata',
  iotsecuretunneling: 'iot',
  mturk: 'mechanicalturk',
  'partnercentral-account': 'partnercentral',
  'partnercentral-benefits': 'partnercentral',
  'partnercentral-channel': 'partnercentral',
  'partnercentral-selling': 'partnercentral',
  resourcegroupstaggingapi: 'tag',
}

export interface Exception {
  /** Every action it may need. */
  readonly actions: readonly string[]
  /** Those that this input needs; default all. */
  readonly of?: (input: Structure) => readonly string[]
}

type Row = readonly string[] | Exception

/** By model name and operation; made for whoever asks. */
export const exceptions = (): Exceptions => (made ??= table())

type Exceptions = Readonly<Record<string, Readonly<Record<string, Row>>>>

let made: Exceptions | undefined

const table = (): Exceptions => ({
  accessanalyzer: { GetFindingV2: ['GetFinding'], ListFindingsV2: ['ListFindings'] },
  apigatewaymanagementapi: {
    DeleteConnection: ['execute-api:ManageConnections'],
    GetConnection: ['execute-api:ManageConnections'],
    PostToConnection: ['execute-api:ManageConnections'],
  },
  'bcm-pricing-calculator': {
    BatchCreateBillScenarioCommitmentModification: ['CreateBillScenarioCommitmentModification'],
    BatchCreateBillScenarioUsageModification: ['CreateBillScenarioUsageModification'],
    BatchCreateWorkloadEstimateUsage: ['CreateWorkloadEstimateUsage'],
    BatchDeleteBillScenarioCommitmentModification: ['DeleteBillScenarioCommitmentModification'],
    BatchDeleteBillScenarioUsageModification: ['DeleteBillScenarioUsageModification'],
    BatchDeleteWorkloadEstimateUsage: ['DeleteWorkloadEstimateUsage'],
    BatchUpdateBillScenarioCommitmentModification: ['UpdateBillScenarioCommitmentModification'],
    BatchUpdateBillScenarioUsageModification: ['UpdateBillScenarioUsageModification'],
    BatchUpdateWorkloadEstimateUsage: ['UpdateWorkloadEstimateUsage'],
  },
  'bedrock-agent-runtime': { RetrieveAndGenerateStream: ['RetrieveAndGenerate'] },
  'bedrock-runtime': {
    Converse: ['InvokeModel'],
    ConverseStream: ['InvokeModelWithResponseStream'],
    InvokeModelWithBidirectionalStream: ['InvokeModel'],
    StartAsyncInvoke: ['InvokeModel'],
  },
  // https://docs.aws.amazon.com/cost-management/latest/userguide/billing-permissions-ref.html
  budgets: {
    CreateBudget: ['ModifyBudget'],
    CreateNotification: ['ModifyBudget'],
    CreateSubscriber: ['ModifyBudget'],
    DeleteBudget: ['ModifyBudget'],
    DeleteNotification: ['ModifyBudget'],
    DeleteSubscriber: ['ModifyBudget'],
    DescribeBudget: ['ViewBudget'],
    DescribeBudgetNotificationsForAccount: ['ViewBudget'],
    DescribeBudgetPerformanceHistory: ['ViewBudget'],
    DescribeBudgets: ['ViewBudget'],
    DescribeNotificationsForBudget: ['ViewBudget'],
    DescribeSubscribersForNotification: ['ViewBudget'],
    UpdateBudget: ['ModifyBudget'],
    UpdateNotification: ['ModifyBudget'],
    UpdateSubscriber: ['ModifyBudget'],
  },
  cloudfront: { CreateDistributionWithTags: ['CreateDistribution', 'TagResource'] },
  cloudsearchdomain: { UploadDocuments: ['document'] },
  connectparticipant: openTo(
    'CancelParticipantAuthentication CompleteAttachmentUpload CreateParticipantConnection DescribeView ' +
      'DisconnectParticipant GetAttachment GetAuthenticationUrl GetTranscript SendEvent SendMessage StartAttachmentUpload',
  ),
  deadline: {
    BatchGetJob: ['GetJob'],
    BatchGetSession: ['GetSession'],
    BatchGetSessionAction: ['GetSessionAction'],
    BatchGetStep: ['GetStep'],
    BatchGetTask: ['GetTask'],
    BatchGetWorker: ['GetWorker'],
    BatchUpdateJob: ['UpdateJob'],
    BatchUpdateTask: ['UpdateTask'],
  },
  detective: { ListOrganizationAdminAccounts: ['ListOrganizationAdminAccount'] },
  dms: {
    DescribeDataProviders: ['ListDataProviders'],
    DescribeExtensionPackAssociations: ['ListExtensionPacks'],
    DescribeInstanceProfiles: ['ListInstanceProfiles'],
    DescribeMetadataModelAssessments: ['ListMetadataModelAssessments'],
    DescribeMetadataModelConversions: ['ListMetadataModelConversions'],
    DescribeMetadataModelExportsAsScript: ['ListMetadataModelExports'],
    DescribeMetadataModelExportsToTarget: ['ListMetadataModelExports'],
    DescribeMigrationProjects: ['ListMigrationProjects'],
    ModifyConversionConfiguration: ['UpdateConversionConfiguration'],
    ModifyDataProvider: ['UpdateDataProvider'],
    ModifyInstanceProfile: ['UpdateInstanceProfile'],
    ModifyMigrationProject: ['UpdateMigrationProject'],
    StartExtensionPackAssociation: ['AssociateExtensionPack'],
    StartMetadataModelExportAsScript: ['StartMetadataModelExportAsScripts'],
  },
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
  dynamodb: {
    BatchExecuteStatement: partiQl((input) => listAt(input, 'Statements')),
    DescribeEndpoints: [],
    ExecuteStatement: partiQl((input) => [input]),
    ExecuteTransaction: partiQl((input) => listAt(input, 'TransactStatements')),
    TransactGetItems: ['GetItem'],
    TransactWriteItems: {
      actions: ['ConditionCheckItem', 'DeleteItem', 'PutItem', 'UpdateItem'],
      of: (input) => {
        const wanted: Record<string, string> = {
          ConditionCheck: 'ConditionCheckItem',
          Delete: 'DeleteItem',
          Put: 'PutItem',
          Update: 'UpdateItem',
        }
        const kinds = listAt(input, 'TransactItems').flatMap((item) => Object.keys(item))
        return [...new Set(kinds.map((kind) => wanted[kind]).filter((action) => action !== undefined))]
      },
    },
  },
  glue: {
    GetUnfilteredPartitionMetadata: ['GetPartition'],
    GetUnfilteredPartitionsMetadata: ['GetPartitions'],
    GetUnfilteredTableMetadata: ['GetTable'],
    BatchGetDataQualityResult: ['GetDataQualityResult'],
    BatchGetDataQualityRulesetEvaluationRun: ['GetDataQualityRulesetEvaluationRun'],
  },
  // https://docs.aws.amazon.com/keyspaces/latest/devguide/security_iam_service-with-iam.html
  keyspaces: {
    CreateKeyspace: ['Create'],
    CreateTable: ['Create'],
    CreateType: ['Create'],
    DeleteKeyspace: ['Drop'],
    DeleteTable: ['Drop'],
    DeleteType: ['Drop'],
    GetKeyspace: ['Select'],
    GetTable: ['Select'],
    GetTableAutoScalingSettings: ['Select'],
    GetType: ['Select'],
    ListKeyspaces: ['Select'],
    ListTables: ['Select'],
    ListTagsForResource: ['Select'],
    ListTypes: ['Select'],
    RestoreTable: ['Restore'],
    UpdateKeyspace: ['Alter'],
    UpdateTable: ['Alter'],
  },
  kms: { ReEncrypt: ['ReEncryptFrom', 'ReEncryptTo'] },
  // https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html
  lambda: {
    GetLayerVersionByArn: ['GetLayerVersion'],
    Invoke: ['InvokeFunction'],
    InvokeAsync: ['InvokeFunction'],
    InvokeWithResponseStream: ['InvokeFunction'],
  },
  'marketplace-catalog': { BatchDescribeEntities: ['DescribeEntity'] },
  'neptune-graph': {
    ExecuteQuery: ['ReadDataViaQuery', 'WriteDataViaQuery', 'DeleteDataViaQuery'],
    GetQuery: ['GetQueryStatus'],
  },
  // https://docs.aws.amazon.com/neptune/latest/userguide/iam-dp-actions.html
  neptunedata: {
    CancelGremlinQuery: ['CancelQuery'],
    CancelOpenCypherQuery: ['CancelQuery'],
    DeletePropertygraphStatistics: ['DeleteStatistics'],
    DeleteSparqlStatistics: ['DeleteStatistics'],
    ExecuteFastReset: ['ResetDatabase'],
    ExecuteGremlinExplainQuery: ['ReadDataViaQuery', 'WriteDataViaQuery', 'DeleteDataViaQuery'],
    ExecuteGremlinProfileQuery: ['ReadDataViaQuery', 'WriteDataViaQuery', 'DeleteDataViaQuery'],
    ExecuteGremlinQuery: ['ReadDataViaQuery', 'WriteDataViaQuery', 'DeleteDataViaQuery'],
    ExecuteOpenCypherExplainQuery: ['ReadDataViaQuery', 'WriteDataViaQuery', 'DeleteDataViaQuery'],
    ExecuteOpenCypherQuery: ['ReadDataViaQuery', 'WriteDataViaQuery', 'DeleteDataViaQuery'],
    GetGremlinQueryStatus: ['GetQueryStatus'],
    GetMLDataProcessingJob: ['GetMLDataProcessingJobStatus'],
    GetMLEndpoint: ['GetMLEndpointStatus'],
    GetMLModelTrainingJob: ['GetMLModelTrainingJobStatus'],
    GetMLModelTransformJob: ['GetMLModelTransformJobStatus'],
    GetOpenCypherQueryStatus: ['GetQueryStatus'],
    GetPropertygraphStatistics: ['GetStatisticsStatus'],
    GetPropertygraphStream: ['GetStreamRecords'],
    GetPropertygraphSummary: ['GetGraphSummary'],
    GetRDFGraphSummary: ['GetGraphSummary'],
    GetSparqlStatistics: ['GetStatisticsStatus'],
    GetSparqlStream: ['GetStreamRecords'],
    ListGremlinQueries: ['GetQueryStatus'],
    ListOpenCypherQueries: ['GetQueryStatus'],
    ManagePropertygraphStatistics: ['ManageStatistics'],
    ManageSparqlStatistics: ['ManageStatistics'],
  },
  quicksight: {
    DescribeAnalysisDefinition: ['DescribeAnalysis'],
    DescribeDashboardDefinition: ['DescribeDashboard'],
    DescribeTemplateDefinition: ['DescribeTemplate'],
  },
  'redshift-data': { GetStatementResultV2: ['GetStatementResult'] },
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html, "Permissions" of each
  s3: {
    CompleteMultipartUpload: ['PutObject'],
    CopyObject: ['GetObject', 'PutObject'],
    CreateBucketMetadataConfiguration: ['CreateBucketMetadataTableConfiguration'],
    CreateMultipartUpload: ['PutObject'],
    CreateSession: ['s3express:CreateSession'],
    DeleteBucketAnalyticsConfiguration: ['PutAnalyticsConfiguration'],
    DeleteBucketCors: ['PutBucketCORS'],
    DeleteBucketEncryption: ['PutEncryptionConfiguration'],
    DeleteBucketIntelligentTieringConfiguration: ['PutIntelligentTieringConfiguration'],
    DeleteBucketInventoryConfiguration: ['PutInventoryConfiguration'],
    DeleteBucketLifecycle: ['PutLifecycleConfiguration'],
    DeleteBucketMetadataConfiguration: ['DeleteBucketMetadataTableConfiguration'],
    DeleteBucketMetricsConfiguration: ['PutMetricsConfiguration'],
    DeleteBucketOwnershipControls: ['PutBucketOwnershipControls'],
    DeleteBucketReplication: ['PutReplicationConfiguration'],
    DeleteBucketTagging: ['PutBucketTagging'],
    DeleteObject: versioned('DeleteObject', 'DeleteObjectVersion'),
    DeleteObjectTagging: versioned('DeleteObjectTagging', 'DeleteObjectVersionTagging'),
    DeleteObjects: ['DeleteObject'],
    DeletePublicAccessBlock: ['PutBucketPublicAccessBlock'],
    GetBucketAccelerateConfiguration: ['GetAccelerateConfiguration'],
    GetBucketAnalyticsConfiguration: ['GetAnalyticsConfiguration'],
    GetBucketEncryption: ['GetEncryptionConfiguration'],
    GetBucketIntelligentTieringConfiguration: ['GetIntelligentTieringConfiguration'],
    GetBucketInventoryConfiguration: ['GetInventoryConfiguration'],
    GetBucketLifecycle: ['GetLifecycleConfiguration'],
    GetBucketLifecycleConfiguration: ['GetLifecycleConfiguration'],
    GetBucketMetadataConfiguration: ['GetBucketMetadataTableConfiguration'],
    GetBucketMetricsConfiguration: ['GetMetricsConfiguration'],
    GetBucketNotificationConfiguration: ['GetBucketNotification'],
    GetBucketReplication: ['GetReplicationConfiguration'],
    GetObject: versioned('GetObject', 'GetObjectVersion'),
    GetObjectAcl: versioned('GetObjectAcl', 'GetObjectVersionAcl'),
    GetObjectAttributes: versioned('GetObjectAttributes', 'GetObjectVersionAttributes'),
    GetObjectLockConfiguration: ['GetBucketObjectLockConfiguration'],
    GetObjectTagging: versioned('GetObjectTagging', 'GetObjectVersionTagging'),
    GetPublicAccessBlock: ['GetBucketPublicAccessBlock'],
    HeadBucket: ['ListBucket'],
    HeadObject: versioned('GetObject', 'GetObjectVersion'),
    ListBucketAnalyticsConfigurations: ['GetAnalyticsConfiguration'],
    ListBucketIntelligentTieringConfigurations: ['GetIntelligentTieringConfiguration'],
    ListBucketInventoryConfigurations: ['GetInventoryConfiguration'],
    ListBucketMetricsConfigurations: ['GetMetricsConfiguration'],
    ListBuckets: ['ListAllMyBuckets'],
    ListDirectoryBuckets: ['s3express:ListAllMyDirectoryBuckets'],
    ListMultipartUploads: ['ListBucketMultipartUploads'],
    ListObjectVersions: ['ListBucketVersions'],
    ListObjects: ['ListBucket'],
    ListObjectsV2: ['ListBucket'],
    ListParts: ['ListMultipartUploadParts'],
    PutBucketAccelerateConfiguration: ['PutAccelerateConfiguration'],
    PutBucketAnalyticsConfiguration: ['PutAnalyticsConfiguration'],
    PutBucketEncryption: ['PutEncryptionConfiguration'],
    PutBucketIntelligentTieringConfiguration: ['PutIntelligentTieringConfiguration'],
    PutBucketInventoryConfiguration: ['PutInventoryConfiguration'],
    PutBucketLifecycle: ['PutLifecycleConfiguration'],
    PutBucketLifecycleConfiguration: ['PutLifecycleConfiguration'],
    PutBucketMetricsConfiguration: ['PutMetricsConfiguration'],
    PutBucketNotificationConfiguration: ['PutBucketNotification'],
    PutBucketReplication: ['PutReplicationConfiguration'],
    PutObjectAcl: versioned('PutObjectAcl', 'PutObjectVersionAcl'),
    PutObjectLockConfiguration: ['PutBucketObjectLockConfiguration'],
    PutObjectTagging: versioned('PutObjectTagging', 'PutObjectVersionTagging'),
    PutPublicAccessBlock: ['PutBucketPublicAccessBlock'],
    RenameObject: ['s3express:CreateSession'],
    SelectObjectContent: ['GetObject'],
    UploadPart: ['PutObject'],
    UploadPartCopy: ['GetObject', 'PutObject'],
    WriteGetObjectResponse: ['s3-object-lambda:WriteGetObjectResponse'],
  },
  s3control: {
    DeleteBucketLifecycleConfiguration: ['s3-outposts:PutLifecycleConfiguration'],
    DeleteBucketReplication: ['s3-outposts:PutReplicationConfiguration'],
    DeleteBucketTagging: ['s3-outposts:PutBucketTagging'],
    DeletePublicAccessBlock: ['PutAccountPublicAccessBlock'],
    GetBucket: ['s3-outposts:GetBucket'],
    GetBucketLifecycleConfiguration: ['s3-outposts:GetLifecycleConfiguration'],
    GetBucketReplication: ['s3-outposts:GetReplicationConfiguration'],
    GetPublicAccessBlock: ['GetAccountPublicAccessBlock'],
    ListAccessPointsForDirectoryBuckets: ['s3express:ListAccessPointsForDirectoryBuckets'],
    ListRegionalBuckets: ['s3-outposts:ListRegionalBuckets'],
    PutBucketLifecycleConfiguration: ['s3-outposts:PutLifecycleConfiguration'],
    PutBucketReplication: ['s3-outposts:PutReplicationConfiguration'],
    PutPublicAccessBlock: ['PutAccountPublicAccessBlock'],
    GetAccessPointScope: ['s3express:GetAccessPointScope'],
    PutAccessPointScope: ['s3express:PutAccessPointScope'],
    DeleteAccessPointScope: ['s3express:DeleteAccessPointScope'],
  },
  signin: {
    CreateOAuth2TokenWithIAM: ['CreateOAuth2Token'],
    IntrospectOAuth2TokenWithIAM: ['IntrospectOAuth2Token'],
    RevokeOAuth2TokenWithIAM: ['RevokeOAuth2Token'],
  },
  sns: { PublishBatch: ['Publish'] },
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
  sqs: {
    ChangeMessageVisibilityBatch: ['ChangeMessageVisibility'],
    DeleteMessageBatch: ['DeleteMessage'],
    SendMessageBatch: ['SendMessage'],
  },
  // https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html: "No permissions are required"
  sts: { GetCallerIdentity: [], GetSessionToken: [] },
  'timestream-query': { DescribeEndpoints: ['DescribeEndpoints'], Query: ['Select'] },
  verifiedpermissions: {
    BatchGetPolicy: ['GetPolicy'],
    BatchIsAuthorized: ['IsAuthorized'],
    BatchIsAuthorizedWithToken: ['IsAuthorizedWithToken'],
  },
  'vpc-lattice': { BatchUpdateRule: ['UpdateRule'] },
  taxsettings: {
    BatchGetTaxExemptions: ['GetExemptions'],
    ListTaxExemptions: ['GetExemptions'],
    PutTaxExemption: ['UpdateExemptions'],
  },
})

/** Services whose actions are HTTP verbs where none is named as the operation. */
export const byVerb: readonly string[] = ['apigateway', 'apigatewayv2']

function openTo(operations: string): Record<string, readonly string[]> {
  return Object.fromEntries(operations.split(' ').map((operation) => [operation, []]))
}

function versioned(latest: string, version: string): Exception {
  return { actions: [latest, version], of: (input) => [input.VersionId === undefined ? latest : version] }
}

/** PartiQL says in its first word what it does. */
function partiQl(statements: (input: Structure) => readonly Structure[]): Exception {
  const verbs: Record<string, string> = {
    delete: 'PartiQLDelete',
    insert: 'PartiQLInsert',
    select: 'PartiQLSelect',
    update: 'PartiQLUpdate',
  }
  const actions = Object.values(verbs)
  return {
    actions,
    of: (input) => {
      const words = statements(input).map(({ Statement }) => /^\s*(\w+)/.exec(String(Statement))?.[1]?.toLowerCase())
      const known = words.map((word) => (word === undefined ? undefined : verbs[word]))
      return known.includes(undefined) ? actions : [...new Set(known as string[])]
    },
  }
}

function listAt(input: Structure, member: string): Structure[] {
  const list = input[member]
  return Array.isArray(list) ? (list as Structure[]) : []
}
