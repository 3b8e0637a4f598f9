// Organizational units, and who is in which.

import {
  newOrganizationsId,
  type Organization,
  type Organizations,
  type Unit,
} from '../../../accounts/organizations.ts'
import { constraint, duplicateUnit, noChild, noParent, noUnit, unitNotEmpty } from '../errors.ts'
import { page, unitShape } from '../present.ts'
import { quotas } from '../quotas.ts'
import { isParent, managed, type OrganizationsHandler } from '../state.ts'
import { attachFullAccess, forgetTarget } from '../attachments.ts'
import { checkedTags } from '../tags.ts'

export const createOrganizationalUnit: OrganizationsHandler = (input, context) => {
  const { state } = context
  const organization = managed(context)
  const parent: string = input.ParentId
  if (!isParent(state, organization, parent)) throw noParent()
  refuseTaken(state, parent, input.Name)
  if (state.levelsOf(organization, parent).length > quotas.UnitDepth)
    throw constraint('You have exceeded the maximum OU depth.', 'OU_DEPTH_LIMIT_EXCEEDED')
  if (state.unitsOf(organization).length >= quotas.Units)
    throw constraint('You have exceeded the maximum number of OUs.', 'OU_NUMBER_LIMIT_EXCEEDED')
  const unit: Unit = {
    id: newOrganizationsId(`ou-${organization.root.slice(2)}`, 8),
    organization: organization.id,
    name: input.Name,
    parent,
    tags: checkedTags(input.Tags ?? []),
    made: state.nextIn(organization),
  }
  state.units.put(unit)
  attachFullAccess(state, organization, unit.id)
  return { OrganizationalUnit: unitShape(state, organization, unit) }
}

export const describeOrganizationalUnit: OrganizationsHandler = (input, context) => {
  const organization = managed(context)
  const unit = unitOf(context.state, organization, input.OrganizationalUnitId)
  return { OrganizationalUnit: unitShape(context.state, organization, unit) }
}

export const updateOrganizationalUnit: OrganizationsHandler = (input, context) => {
  const { state } = context
  const organization = managed(context)
  const unit = unitOf(state, organization, input.OrganizationalUnitId)
  // Its own name is taken, too.
  if (input.Name !== undefined) {
    refuseTaken(state, unit.parent, input.Name)
    state.units.update(unit, { name: input.Name })
  }
  return { OrganizationalUnit: unitShape(state, organization, unit) }
}

export const deleteOrganizationalUnit: OrganizationsHandler = (input, context) => {
  const { state } = context
  const organization = managed(context)
  const { id } = unitOf(state, organization, input.OrganizationalUnitId)
  const children = [...state.unitsOf(organization), ...state.membersOf(organization)]
  if (children.some((child) => child.parent === id)) throw unitNotEmpty()
  forgetTarget(state, organization, id)
  state.units.delete(id)
}

export const listOrganizationalUnitsForParent: OrganizationsHandler = (input, context) => {
  const { state } = context
  const organization = managed(context)
  if (!isParent(state, organization, input.ParentId)) throw noParent()
  const units = state.unitsOf(organization).filter((unit) => unit.parent === input.ParentId)
  return page(units, input, 'OrganizationalUnits', (unit) => unitShape(state, organization, unit))
}

export const listChildren: OrganizationsHandler = (input, context) => {
  const { state } = context
  const organization = managed(context)
  if (!isParent(state, organization, input.ParentId)) throw noParent()
  const all = input.ChildType === 'ACCOUNT' ? state.membersOf(organization) : state.unitsOf(organization)
  const children = all.filter((child) => child.parent === input.ParentId)
  return page(children, input, 'Children', ({ id }) => ({ Id: id, Type: input.ChildType }))
}

export const listParents: OrganizationsHandler = (input, context) => {
  const { state } = context
  const organization = managed(context)
  const child = state.units.get(input.ChildId) ?? state.members.get(input.ChildId)
  if (child?.organization !== organization.id) throw noChild()
  const Type = child.parent === organization.root ? 'ROOT' : 'ORGANIZATIONAL_UNIT'
  return page([{ Id: child.parent, Type }], input, 'Parents')
}

function unitOf(state: Organizations, organization: Organization, id: string): Unit {
  const unit = state.units.get(id)
  if (unit?.organization !== organization.id) throw noUnit()
  return unit
}

function refuseTaken(state: Organizations, parent: string, name: string): void {
  if (state.units.all().some((unit) => unit.parent === parent && unit.name === name)) throw duplicateUnit()
}
