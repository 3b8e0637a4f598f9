// May this be the website configuration of a bucket?
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketWebsite.html

import { invalidArgument, invalidRequest, malformedXml } from './errors.ts'

export interface Website {
  IndexDocument?: { Suffix: string }
  ErrorDocument?: { Key: string }
  RedirectAllRequestsTo?: { HostName: string; Protocol?: string }
  RoutingRules?: RoutingRule[]
}

export interface RoutingRule {
  Condition?: { HttpErrorCodeReturnedEquals?: string; KeyPrefixEquals?: string }
  Redirect: {
    HostName?: string
    HttpRedirectCode?: string
    Protocol?: string
    ReplaceKeyPrefixWith?: string
    ReplaceKeyWith?: string
  }
}

/** The configuration, found to be one. Throws MalformedXML, InvalidArgument, InvalidRequest. */
export function hostedWebsite(website: Website | undefined): Website {
  if (!website) throw malformedXml()
  const { RedirectAllRequestsTo: all, IndexDocument: index, ErrorDocument: error, RoutingRules: rules } = website
  if (all) {
    if (index || error || rules)
      throw invalidArgument(
        'RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.',
        'RedirectAllRequestsTo',
        'not null',
      )
    if (!all.HostName) throw malformedXml()
    checkProtocol(all.Protocol)
    return website
  }
  if (!index)
    throw invalidArgument(
      'A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty',
      'IndexDocument',
      'null',
    )
  if (!index.Suffix || index.Suffix.includes('/'))
    throw invalidArgument('The IndexDocument Suffix is not well formed', 'IndexDocument', index.Suffix ?? '')
  if (error && !error.Key) throw malformedXml()
  if (rules?.length === 0) throw malformedXml()
  for (const { Condition: condition, Redirect: redirect } of rules ?? []) {
    if (!redirect || Object.keys(redirect).length === 0) throw malformedXml()
    checkProtocol(redirect.Protocol)
    if (condition && !condition.HttpErrorCodeReturnedEquals && condition.KeyPrefixEquals === undefined)
      throw invalidRequest(
        "Condition cannot be empty. To redirect all requests without a condition, the condition element shouldn't be present.",
      )
    if (redirect.ReplaceKeyPrefixWith !== undefined && redirect.ReplaceKeyWith !== undefined)
      throw invalidRequest('You can only define ReplaceKeyPrefix or ReplaceKey but not both.')
  }
  return website
}

function checkProtocol(protocol: string | undefined): void {
  if (protocol !== undefined && protocol !== 'http' && protocol !== 'https')
    throw invalidRequest(
      'Invalid protocol, protocol can be http or https. If not defined the protocol will be selected automatically.',
    )
}
