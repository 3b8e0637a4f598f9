// Tags of everything that has an id.

import { AwsError } from '../../../../lib/errors.ts'
import { listed } from '../describe.ts'
import { missingParameter } from '../errors.ts'
import type { Filters } from '../filters.ts'
import { visibleImage } from '../images.ts'
import { kindNameOf, kinds, type KindName } from '../kinds.ts'
import type { Resource, Tag } from '../records.ts'
import type { Ec2, Ec2Handler } from '../state.ts'
import { checkedTags, mergedTags } from '../tags.ts'

/** Changes the tags of what has this id; throws where nothing has. */
function retag(state: Ec2, id: string, change: (tags: readonly Tag[]) => Tag[]): void {
  if (id.startsWith('tmfr-')) return retagMirrorRule(state, id, change)
  if (id.startsWith('sgr-')) {
    for (const group of state.securityGroups.all()) {
      const rule = group.rules.find((each) => each.SecurityGroupRuleId === id)
      if (!rule) continue
      rule.Tags = change(rule.Tags)
      state.securityGroups.put(group)
      return
    }
    throw new AwsError('InvalidSecurityGroupRuleId.NotFound', `The security group rule ID '${id}' does not exist`)
  }
  const name = /-([0-9a-f]{8}|[0-9a-f]{17})$|^(fleet|sfr)-[0-9a-f-]{36}$/.test(id) ? kindNameOf(id) : undefined
  if (!name) throw new AwsError('InvalidID', `The ID '${id}' is not valid`)
  const table = state.table(name)
  // Another's image can be tagged; its owner does not see it, and here nobody does.
  if (name === 'images' && !table.get(id) && visibleImage(state, id)) return
  const record = table.find(id)
  table.put({ ...record, Tags: change(record.Tags ?? []) })
}

function retagMirrorRule(state: Ec2, id: string, change: (tags: readonly Tag[]) => Tag[]): void {
  for (const filter of state.mirrorFilters.all()) {
    const rule = filter.rules.find((each) => each.TrafficMirrorFilterRuleId === id)
    if (!rule) continue
    rule.Tags = change(rule.Tags)
    state.mirrorFilters.put(filter)
    return
  }
  throw new AwsError('InvalidTrafficMirrorFilterRuleId.NotFound', `Traffic Mirror Filter Rule ${id} does not exist.`)
}

export const createTags: Ec2Handler = (input, { state }) => {
  if (!input.Resources?.length) throw missingParameter('resourceIdSet')
  if (!input.Tags?.length) throw missingParameter('tagSet')
  const added = checkedTags(input.Tags)
  for (const id of input.Resources as string[]) retag(state, id, (tags) => mergedTags(tags, added))
}

/** A tag without a value goes whatever its value is; no tags at all: every tag goes. */
export const deleteTags: Ec2Handler = (input, { state }) => {
  if (!input.Resources?.length) throw missingParameter('resourceIdSet')
  const given: { Key?: string; Value?: string }[] = input.Tags ?? []
  const goes = (tag: Tag): boolean =>
    !tag.Key.startsWith('aws:') &&
    (given.length === 0 ||
      given.some(({ Key, Value }) => Key === tag.Key && (Value === undefined || Value === tag.Value)))
  for (const id of input.Resources as string[]) retag(state, id, (tags) => tags.filter((tag) => !goes(tag)))
}

export const describeTags: Ec2Handler = (input, { state }) => {
  const filters: Filters = {
    key: 'Key',
    'resource-id': 'ResourceId',
    'resource-type': 'ResourceType',
    tag: (each) => each.Key,
    value: 'Value',
  }
  const all = (Object.keys(kinds) as KindName[]).flatMap((name) => {
    const { id, type } = kinds[name]
    return state
      .table(name)
      .all()
      .flatMap((record) => tagsShown(record, type, id))
  })
  const rules = state.securityGroups.all().flatMap((group) =>
    group.rules.flatMap((rule) =>
      rule.Tags.map(({ Key, Value }) => ({
        Key,
        Value,
        ResourceId: rule.SecurityGroupRuleId,
        ResourceType: 'security-group-rule',
      })),
    ),
  )
  const found = [...all, ...rules]
    // `tag:Key` of this operation is about the tag itself.
    .map((each) => ({ ...each, Tags: [{ Key: each.Key, Value: each.Value }] }))
  return listed(found, input, { list: 'Tags', filters, pages: [5, 1000] })
}

function tagsShown(record: Resource, ResourceType: string, id: string) {
  const ResourceId = (record as unknown as Record<string, string>)[id]!
  return (record.Tags ?? []).map(({ Key, Value }) => ({ Key, Value, ResourceId, ResourceType }))
}
