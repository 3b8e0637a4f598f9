// Which arguments go by another name than the model's? Most renames avoid a clash with a global option; all are the reference's.
// Tables of text, read when a command of their services is typed: as objects they would be made at every start.

import { filter } from '../../lib/iterate.ts'

// service | command, or * for all | the model's name | the name here
const renamed = (): string => `
agent-toolkit      *                                  name                       skill-name
agent-toolkit      search-skills                      query                      search-query
apigateway         create-rest-api                    version                    api-version
apigatewayv2       create-api                         version                    api-version
apigatewayv2       update-api                         version                    api-version
clouddirectory     publish-schema                     version                    schema-version
cloudsearchdomain  search                             query                      search-query
cloudsearchdomain  suggest                            query                      suggest-query
codepipeline       create-custom-action-type          version                    action-version
codepipeline       delete-custom-action-type          version                    action-version
codepipeline       get-action-type                    version                    action-version
codepipeline       get-pipeline                       version                    pipeline-version
controltower       create-landing-zone                version                    landing-zone-version
controltower       update-landing-zone                version                    landing-zone-version
datapipeline       *                                  query                      objects-query
datapipeline       get-pipeline-definition            version                    pipeline-version
deploy             *                                  s-3-location               s3-location
deploy             *                                  ec-2-tag-filters           ec2-tag-filters
ec2                *                                  no-egress                  ingress
ec2                *                                  no-disable-api-termination enable-api-termination
ec2                create-image                       no-no-reboot               reboot
ecs                *                                  no-enable-execute-command  disable-execute-command
ecs                execute-command                    no-interactive             non-interactive
eks                create-cluster                     version                    kubernetes-version
eks                create-nodegroup                   version                    kubernetes-version
eks                update-cluster-components-version  version                    kubernetes-version
eks                update-cluster-version             version                    kubernetes-version
eks                update-nodegroup-version           version                    kubernetes-version
emr                *                                  job-flow-ids               cluster-ids
emr                *                                  job-flow-id                cluster-id
gamelift           create-build                       version                    build-version
gamelift           create-script                      version                    script-version
gamelift           update-build                       version                    build-version
gamelift           update-script                      version                    script-version
glue               get-unfiltered-partition-metadata  region                     resource-region
glue               get-unfiltered-partitions-metadata region                     resource-region
glue               get-unfiltered-table-metadata      region                     resource-region
iotwireless        *                                  lo-ra-wan                  lorawan
kinesisanalytics   add-application-output             output                     application-output
kinesisanalyticsv2 add-application-output             output                     application-output
lex-models         delete-bot                         version                    bot-version
lex-models         delete-bot-version                 version                    bot-version
lex-models         delete-intent                      version                    intent-version
lex-models         delete-intent-version              version                    intent-version
lex-models         delete-slot-type                   version                    slot-type-version
lex-models         delete-slot-type-version           version                    slot-type-version
lex-models         get-export                         version                    resource-version
lex-models         get-intent                         version                    intent-version
lex-models         get-slot-type                      version                    slot-type-version
license-manager    delete-grant                       version                    grant-version
license-manager    get-grant                          version                    grant-version
license-manager    get-license                        version                    license-version
mturk              list-qualification-types           query                      types-query
pinpoint           delete-email-template              version                    template-version
pinpoint           delete-in-app-template             version                    template-version
pinpoint           delete-push-template               version                    template-version
pinpoint           delete-sms-template                version                    template-version
pinpoint           delete-voice-template              version                    template-version
pinpoint           get-campaign-version               version                    campaign-version
pinpoint           get-email-template                 version                    template-version
pinpoint           get-in-app-template                version                    template-version
pinpoint           get-push-template                  version                    template-version
pinpoint           get-segment-version                version                    segment-version
pinpoint           get-sms-template                   version                    template-version
pinpoint           get-voice-template                 version                    template-version
pinpoint           update-email-template              version                    template-version
pinpoint           update-in-app-template             version                    template-version
pinpoint           update-push-template               version                    template-version
pinpoint           update-sms-template                version                    template-version
pinpoint           update-voice-template              version                    template-version
rekognition        create-stream-processor            output                     stream-processor-output
route53            delete-traffic-policy              version                    traffic-policy-version
route53            get-traffic-policy                 version                    traffic-policy-version
route53            update-traffic-policy-comment      version                    traffic-policy-version
route53domains     view-billing                       start                      start-time
route53domains     view-billing                       end                        end-time
sagemaker          delete-image-version               version                    version-number
sagemaker          describe-image-version             version                    version-number
sagemaker          list-aliases                       version                    version-number
sagemaker          update-image-version               version                    version-number
schemas            *                                  version                    schema-version
sns                subscribe                          endpoint                   notification-endpoint
stepfunctions      send-task-success                  output                     task-output
swf                register-activity-type             version                    activity-version
swf                register-workflow-type             version                    workflow-version
workdocs           create-notification-subscription   endpoint                   notification-endpoint
workdocs           describe-users                     query                      user-query
`

// service | command, or * for all | the model's name | a second name that is understood and not shown
const hidden = (): string => `
elasticache create-replication-group preferred-cache-cluster-azs             preferred-cache-cluster-a-zs
mgn         *                        replication-servers-security-groups-ids replication-servers-security-groups-i-ds
mgn         *                        source-server-ids                       source-server-i-ds
mgn         *                        replication-configuration-template-ids  replication-configuration-template-i-ds
`

/** The model's name → the name here. Undefined where none of the service's arguments has another name. */
export function renamedArguments(service: string, command: string): Record<string, string> | undefined {
  return namesIn(renamed(), service, command)
}

/** The model's name → another that is understood. Undefined where none of the service's arguments has one. */
export function hiddenArguments(service: string, command: string): Record<string, string> | undefined {
  return namesIn(hidden(), service, command)
}

/** What stands under `*` comes first, so that the command's own outranks it. */
function namesIn(table: string, service: string, command: string): Record<string, string> | undefined {
  const start = table.indexOf(`\n${service} `)
  if (start < 0) return undefined
  const names: Record<string, string> = {}
  for (const line of table.slice(start + 1).split('\n')) {
    const [of, to, model, here] = filter(line.split(' '), (word) => word !== '')
    if (of !== service) break
    if (to === '*' || to === command) names[model!] = here!
  }
  return names
}
