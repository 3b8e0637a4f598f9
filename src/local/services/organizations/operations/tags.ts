// Tags of roots, units, accounts, policies and the resource policy.

import type { Organization, Organizations } from '../../../accounts/organizations.ts'
import type { Tag } from '../../../accounts/records.ts'
import { noTarget } from '../errors.ts'
import { page } from '../present.ts'
import { findTarget, managed, type OrganizationsHandler } from '../state.ts'
import { checkedTags } from '../tags.ts'

export const tagResource: OrganizationsHandler = (input, context) => {
  const tagged = taggedOf(context.state, managed(context), input.ResourceId)
  const given: Tag[] = input.Tags
  const kept = tagged.tags.filter(({ Key }) => !given.some((tag) => tag.Key === Key))
  tagged.save(checkedTags([...kept, ...given]))
}

export const untagResource: OrganizationsHandler = (input, context) => {
  const tagged = taggedOf(context.state, managed(context), input.ResourceId)
  tagged.save(tagged.tags.filter(({ Key }) => !input.TagKeys.includes(Key)))
}

export const listTagsForResource: OrganizationsHandler = (input, context) =>
  page(taggedOf(context.state, managed(context), input.ResourceId).tags, input, 'Tags')

interface Tagged {
  readonly tags: Tag[]
  save(tags: Tag[]): void
}

function taggedOf(state: Organizations, organization: Organization, id: string): Tagged {
  const { resourcePolicy } = organization
  if (id.startsWith('p-')) {
    const policy = state.policy(organization, id)
    if (!policy || policy.managed) throw noTarget()
    return { tags: policy.tags, save: (tags) => state.policies.update(policy, { tags }) }
  }
  if (id.startsWith('rp-')) {
    if (resourcePolicy?.id !== id) throw noTarget()
    const { tags } = resourcePolicy
    return { tags, save: (tags) => state.all.update(organization, { resourcePolicy: { ...resourcePolicy, tags } }) }
  }
  const target = findTarget(state, organization, id)
  switch (target.type) {
    case 'ROOT':
      return { tags: organization.rootTags, save: (rootTags) => state.all.update(organization, { rootTags }) }
    case 'ORGANIZATIONAL_UNIT':
      return { tags: target.unit.tags, save: (tags) => state.units.update(target.unit, { tags }) }
    case 'ACCOUNT':
      return { tags: target.member.tags, save: (tags) => state.members.update(target.member, { tags }) }
  }
}
