// Server certificates: what load balancers served TLS with before Certificate Manager.

import { AwsError } from '../../../../lib/errors.ts'
import { newId } from '../../../accounts/ids.ts'
import type { ServerCertificate } from '../../../accounts/records.ts'
import { alreadyExists, quotaExceeded } from '../errors.ts'
import { readCertificate, readChain, readPrivateKey } from '../keys.ts'
import { page, underPath } from '../paging.ts'
import { tagsShape, wholeSeconds } from '../present.ts'
import { quotaOf } from '../quotas.ts'
import { findCertificate, type Iam, type IamHandler } from '../state.ts'
import { checkedTags } from './tags.ts'

export const uploadServerCertificate: IamHandler = (input, context) => {
  const { state, clock } = context
  const most = quotaOf(context, 'ServerCertificates')
  const name: string = input.ServerCertificateName
  const expires = checked(input.CertificateBody, input.PrivateKey, input.CertificateChain)
  refuseTaken(state, name)
  if (state.certificates.all().length >= most) throw quotaExceeded('ServerCertificatesPerAccount', most)
  const certificate: ServerCertificate = {
    name,
    path: input.Path ?? '/',
    id: newId('ASCA', state.account),
    body: input.CertificateBody,
    chain: input.CertificateChain,
    uploaded: clock().getTime(),
    expires,
    tags: checkedTags(input.Tags ?? []),
  }
  state.certificates.put(certificate)
  return { ServerCertificateMetadata: shape(state, certificate), Tags: tagsShape(certificate.tags) }
}

export const getServerCertificate: IamHandler = (input, { state }) => {
  const certificate = findCertificate(state, input.ServerCertificateName)
  return {
    ServerCertificate: {
      ServerCertificateMetadata: shape(state, certificate),
      CertificateBody: certificate.body,
      CertificateChain: certificate.chain,
      Tags: certificate.tags,
    },
  }
}

export const listServerCertificates: IamHandler = (input, { state }) =>
  page(underPath(state.certificates.all(), input.PathPrefix), input, 'ServerCertificateMetadataList', (each) =>
    shape(state, each),
  )

export const updateServerCertificate: IamHandler = (input, { state }) => {
  const certificate = findCertificate(state, input.ServerCertificateName)
  const name: string = input.NewServerCertificateName ?? certificate.name
  if (name.toLowerCase() !== certificate.name.toLowerCase()) refuseTaken(state, name)
  state.certificates.delete(certificate.name)
  state.certificates.put({ ...certificate, name, path: input.NewPath ?? certificate.path })
}

export const deleteServerCertificate: IamHandler = (input, { state }) =>
  state.certificates.delete(findCertificate(state, input.ServerCertificateName).name)

/** When the certificate expires; throws what is wrong with it, its key or its chain. */
function checked(body: string, key: string, chain: string | undefined): number {
  const malformed = (message: string): AwsError => new AwsError('MalformedCertificate', message)
  const certificate = readCertificate(body)
  if (!certificate) throw malformed('Unable to parse certificate. Please ensure the certificate is in PEM format.')
  const privateKey = readPrivateKey(key)
  if (!privateKey) throw malformed('Private key was not in a recognized PEM format.')
  if (!certificate.checkPrivateKey(privateKey))
    throw new AwsError('KeyPairMismatch', 'The public key certificate and the private key do not match.')
  if (chain !== undefined) {
    const links = readChain(chain)
    // Each must have issued the one before it; one that issued itself ends the chain.
    const broken = links?.findIndex((link, i) => !(links[i - 1] ?? certificate).checkIssued(link))
    if (broken !== -1)
      throw malformed(
        'Unable to validate certificate chain. The certificate chain must start with the immediate signing ' +
          'certificate, followed by any intermediaries in order. The index within the chain of the invalid ' +
          `certificate is: ${broken ?? 0}`,
      )
  }
  return Date.parse(certificate.validTo)
}

function refuseTaken(state: Iam, name: string): void {
  if (state.certificates.get(name)) throw alreadyExists(`The Server Certificate with name ${name} already exists.`)
}

function shape(state: Iam, certificate: ServerCertificate): object {
  return {
    Path: certificate.path,
    ServerCertificateName: certificate.name,
    ServerCertificateId: certificate.id,
    Arn: state.arn('server-certificate', certificate),
    UploadDate: wholeSeconds(certificate.uploaded),
    Expiration: wholeSeconds(certificate.expires),
  }
}
