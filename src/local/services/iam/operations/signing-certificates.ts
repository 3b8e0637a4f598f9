// Signing certificates: X.509 certificates with which users sign requests to old services (SOAP).

import { AwsError } from '../../../../lib/errors.ts'
import { newToken } from '../../../accounts/ids.ts'
import type { SigningCertificate, User } from '../../../accounts/records.ts'
import { noSuchEntity, quotaExceeded } from '../errors.ts'
import { readCertificate } from '../keys.ts'
import { page } from '../paging.ts'
import { wholeSeconds } from '../present.ts'
import { quotas } from '../quotas.ts'
import { ownerOf, userOrSelf, type IamHandler } from '../state.ts'

export const uploadSigningCertificate: IamHandler = (input, context) => {
  const user = ownerOf(context, input.UserName)
  const body: string = input.CertificateBody
  if (!readCertificate(body)) throw new AwsError('MalformedCertificate', `Certificate ${body} is malformed.`)
  const others = user.certificates ?? []
  if (others.some((other) => other.body.trim() === body.trim()))
    throw new AwsError('DuplicateCertificate', 'The certificate already exists.', { status: 409 })
  if (others.length >= quotas.SigningCertificatesPerUser)
    throw quotaExceeded('CertificatesPerUser', quotas.SigningCertificatesPerUser)
  const uploaded = context.clock().getTime()
  const certificate: SigningCertificate = { id: newToken(32), body, status: 'Active', uploaded }
  context.state.users.update(user, { certificates: [...others, certificate] })
  return { Certificate: shape(user, certificate) }
}

export const listSigningCertificates: IamHandler = (input, context) => {
  const user = userOrSelf(context, input.UserName)
  return page(user?.certificates ?? [], input, 'Certificates', (certificate) => shape(user!, certificate))
}

export const updateSigningCertificate: IamHandler = (input, context) => {
  const user = ownerOf(context, input.UserName)
  certificateOf(user, input.CertificateId).status = input.Status
  context.state.users.put(user)
}

export const deleteSigningCertificate: IamHandler = (input, context) => {
  const user = ownerOf(context, input.UserName)
  const { id } = certificateOf(user, input.CertificateId)
  context.state.users.update(user, { certificates: user.certificates!.filter((each) => each.id !== id) })
}

function certificateOf(user: User, id: string): SigningCertificate {
  const certificate = user.certificates?.find((each) => each.id === id)
  if (!certificate) throw noSuchEntity(`The Certificate with id ${id} cannot be found.`)
  return certificate
}

function shape(user: User, { id, body, status, uploaded }: SigningCertificate): object {
  return {
    UserName: user.name,
    CertificateId: id,
    CertificateBody: body,
    Status: status,
    UploadDate: wholeSeconds(uploaded),
  }
}
