// What users have beside access keys, the account's server certificates, and roles that belong to services.

import { describe, expect, test } from 'bun:test'
import { account, allow, bench, rootKeys, sentence, told } from '../../account.fixture.ts'
import { awsManagedPolicy } from '../../accounts/aws-managed.ts'
import { authority, certificate, otherKey, privateKey, sshFingerprint, sshKey, sshKeyPem } from './keys.fixture.ts'
import { serviceLinkedRoles } from './service-linked-roles.ts'

describe('SSH public keys', () => {
  test('are uploaded, read in both encodings, switched off and deleted', async () => {
    const b = bench()
    await b.user('ana')
    const { SSHPublicKey } = await b.call('iam', 'UploadSSHPublicKey', { UserName: 'ana', SSHPublicKeyBody: sshKey })
    expect(SSHPublicKey).toMatchObject({ UserName: 'ana', Status: 'Active', Fingerprint: sshFingerprint })
    expect(SSHPublicKey.SSHPublicKeyId).toMatch(/^APKA[A-Z2-7]{17}$/)
    const named = { UserName: 'ana', SSHPublicKeyId: SSHPublicKey.SSHPublicKeyId }
    const get = async (Encoding: string) =>
      (await b.call('iam', 'GetSSHPublicKey', { ...named, Encoding })).SSHPublicKey
    expect((await get('SSH')).SSHPublicKeyBody).toBe(sshKey)
    expect((await get('PEM')).SSHPublicKeyBody).toBe(sshKeyPem)
    await b.call('iam', 'UpdateSSHPublicKey', { ...named, Status: 'Inactive' })
    expect((await b.call('iam', 'ListSSHPublicKeys', { UserName: 'ana' })).SSHPublicKeys).toEqual([
      expect.objectContaining({ ...named, Status: 'Inactive' }),
    ])
    expect((await b.refusal('iam', 'UploadSSHPublicKey', { UserName: 'ana', SSHPublicKeyBody: sshKeyPem })).code).toBe(
      'DuplicateSSHPublicKey',
    )
    await b.call('iam', 'DeleteSSHPublicKey', named)
    expect(told(await b.refusal('iam', 'GetSSHPublicKey', { ...named, Encoding: 'SSH' }))).toEqual([
      'NoSuchEntity',
      404,
      `The Public Key with id ${named.SSHPublicKeyId} cannot be found.`,
    ])
  })

  test('that cannot be read are refused', async () => {
    const b = bench()
    await b.user('ana')
    for (const SSHPublicKeyBody of ['x', 'ssh-rsa AAAA', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA', certificate])
      expect((await b.refusal('iam', 'UploadSSHPublicKey', { UserName: 'ana', SSHPublicKeyBody })).code).toBe(
        'InvalidPublicKey',
      )
  })
})

describe('signing certificates', () => {
  test('two a user; listed whole; switched off and deleted', async () => {
    const b = bench()
    const keys = await b.user('ana', allow('iam:*'))
    const upload = (CertificateBody: string) => ['iam', 'UploadSigningCertificate', { CertificateBody }, keys] as const
    const { Certificate } = await b.call(...upload(certificate))
    expect(Certificate).toMatchObject({ UserName: 'ana', Status: 'Active', CertificateBody: certificate })
    expect((await b.refusal(...upload(certificate))).code).toBe('DuplicateCertificate')
    await b.call(...upload(authority))
    await b.call('iam', 'UpdateSigningCertificate', {
      UserName: 'ana',
      CertificateId: Certificate.CertificateId,
      Status: 'Inactive',
    })
    const listed = (await b.call('iam', 'ListSigningCertificates', {}, keys)).Certificates
    expect(listed.map((each: any) => each.Status)).toEqual(['Inactive', 'Active'])
    expect(told(await b.refusal(...upload(certificate.replace('M', 'M '))))).toEqual([
      'LimitExceeded',
      409,
      'Cannot exceed quota for CertificatesPerUser: 2',
    ])
    await b.call('iam', 'DeleteSigningCertificate', { CertificateId: Certificate.CertificateId }, keys)
    expect((await b.call('iam', 'ListSigningCertificates', {}, keys)).Certificates).toHaveLength(1)
  })

  const cases: [string, object, [string, number, string]][] = [
    [
      'UploadSigningCertificate',
      { UserName: 'ana', CertificateBody: 'invalid-certificate-body' },
      ['MalformedCertificate', 400, 'Certificate invalid-certificate-body is malformed.'],
    ],
    [
      'UploadSigningCertificate',
      { UserName: 'nobody', CertificateBody: 'x' },
      ['NoSuchEntity', 404, 'The user with name nobody cannot be found.'],
    ],
    [
      'DeleteSigningCertificate',
      { UserName: 'ana', CertificateId: 'NONEXISTENTCERTID12345678901' },
      ['NoSuchEntity', 404, 'The Certificate with id NONEXISTENTCERTID12345678901 cannot be found.'],
    ],
  ]
  test.each(cases)('%s %j', async (operation, input, expected) => {
    const b = bench()
    await b.user('ana')
    expect(told(await b.refusal('iam', operation, input))).toEqual(expected)
  })
})

describe('service-specific credentials', () => {
  const service = 'codecommit.amazonaws.com'

  test('have a name made of the user and the account, and a password that is told once', async () => {
    const b = bench()
    await b.user('ana')
    const create = (more: object) =>
      b.call('iam', 'CreateServiceSpecificCredential', { UserName: 'ana', ServiceName: service, ...more })
    const { ServiceSpecificCredential: first } = await create({})
    expect(first).toMatchObject({ ServiceName: service, ServiceUserName: `ana-at-${account}`, Status: 'Active' })
    expect(first.ServicePassword).toHaveLength(40)
    expect((await create({})).ServiceSpecificCredential.ServiceUserName).toBe(`ana+1-at-${account}`)
    const third = await b.refusal('iam', 'CreateServiceSpecificCredential', { UserName: 'ana', ServiceName: service })
    expect(told(third)).toEqual(['LimitExceeded', 409, 'Cannot exceed quota for ServiceSpecificCredentialsPerUser: 2'])
    const id = { UserName: 'ana', ServiceSpecificCredentialId: first.ServiceSpecificCredentialId }
    const reset = (await b.call('iam', 'ResetServiceSpecificCredential', id)).ServiceSpecificCredential
    expect(reset.ServicePassword).not.toBe(first.ServicePassword)
    await b.call('iam', 'UpdateServiceSpecificCredential', { ...id, Status: 'Inactive' })
    const { ServiceSpecificCredentials: listed } = await b.call('iam', 'ListServiceSpecificCredentials', {
      UserName: 'ana',
    })
    expect(listed.map((each: any) => [each.Status, each.ServicePassword])).toEqual([
      ['Inactive', undefined],
      ['Active', undefined],
    ])
    await b.call('iam', 'DeleteServiceSpecificCredential', id)
    expect(
      (await b.call('iam', 'ListServiceSpecificCredentials', { AllUsers: true })).ServiceSpecificCredentials,
    ).toHaveLength(1)
  })

  test('keys of APIs have an alias, a secret and an end', async () => {
    const b = bench()
    await b.user('ana')
    const { ServiceSpecificCredential: key } = await b.call('iam', 'CreateServiceSpecificCredential', {
      UserName: 'ana',
      ServiceName: 'bedrock.amazonaws.com',
      CredentialAgeDays: 1,
    })
    expect(key.ServiceCredentialAlias).toBe(`ana-at-${account}`)
    expect(key.ServiceCredentialSecret).toStartWith('ABSK')
    expect(key.ExpirationDate.getTime() - key.CreateDate.getTime()).toBe(86_400_000)
    b.advance(86_401_000)
    const listed = await b.call('iam', 'ListServiceSpecificCredentials', { UserName: 'ana' })
    expect(listed.ServiceSpecificCredentials[0].Status).toBe('Expired')
  })

  test.each([
    [
      'CreateServiceSpecificCredential',
      { UserName: 'ana', ServiceName: 'lambda.amazonaws.com' },
      'No such service lambda.amazonaws.com is supported for Service Specific Credentials',
    ],
    [
      'CreateServiceSpecificCredential',
      { UserName: 'nobody', ServiceName: service },
      'The user with name nobody cannot be found.',
    ],
    [
      'UpdateServiceSpecificCredential',
      { UserName: 'ana', ServiceSpecificCredentialId: 'satisfiesregexbutstillinvalid', Status: 'Active' },
      'No such credential satisfiesregexbutstillinvalid exists',
    ],
  ])('%s %j', async (operation, input, message) => {
    const b = bench()
    await b.user('ana')
    expect(told(await b.refusal('iam', operation, input))).toEqual(['NoSuchEntity', 404, message])
  })
})

test('a user that still has any of these cannot be deleted', async () => {
  const b = bench()
  await b.call('iam', 'CreateUser', { UserName: 'ana' })
  await b.call('iam', 'UploadSSHPublicKey', { UserName: 'ana', SSHPublicKeyBody: sshKey })
  expect(told(await b.refusal('iam', 'DeleteUser', { UserName: 'ana' }))).toEqual([
    'DeleteConflict',
    409,
    'Cannot delete entity, must remove referenced objects first.',
  ])
  await b.call('iam', 'UploadSigningCertificate', { UserName: 'ana', CertificateBody: certificate })
  expect((await b.refusal('iam', 'DeleteUser', { UserName: 'ana' })).message).toBe(
    'Cannot delete entity, must delete signing certificates first.',
  )
})

describe('server certificates', () => {
  const input = {
    ServerCertificateName: 'site',
    Path: '/cloudfront/',
    CertificateBody: certificate,
    PrivateKey: privateKey,
    CertificateChain: authority,
    Tags: [{ Key: 'stage', Value: 'test' }],
  }

  test('are uploaded, read, listed by path, renamed and deleted', async () => {
    const b = bench()
    const { ServerCertificateMetadata: metadata } = await b.call('iam', 'UploadServerCertificate', input)
    expect(metadata.Arn).toBe(`arn:aws:iam::${account}:server-certificate/cloudfront/site`)
    expect(metadata.ServerCertificateId).toMatch(/^ASCA[A-Z2-7]{17}$/)
    expect(metadata.Expiration.getFullYear()).toBeGreaterThan(2100)
    const { ServerCertificate: whole } = await b.call('iam', 'GetServerCertificate', { ServerCertificateName: 'site' })
    expect(whole).toEqual({
      ServerCertificateMetadata: metadata,
      CertificateBody: certificate,
      CertificateChain: authority,
      Tags: input.Tags,
    })
    const list = async (PathPrefix: string) =>
      (await b.call('iam', 'ListServerCertificates', { PathPrefix })).ServerCertificateMetadataList.length
    expect([await list('/'), await list('/cloudfront/'), await list('/other/')]).toEqual([1, 1, 0])
    expect(told(await b.refusal('iam', 'UploadServerCertificate', input))).toEqual([
      'EntityAlreadyExists',
      409,
      'The Server Certificate with name site already exists.',
    ])
    await b.call('iam', 'UpdateServerCertificate', {
      ServerCertificateName: 'site',
      NewServerCertificateName: 'page',
      NewPath: '/',
    })
    await b.call('iam', 'UntagServerCertificate', { ServerCertificateName: 'page', TagKeys: ['stage'] })
    expect((await b.call('iam', 'ListServerCertificateTags', { ServerCertificateName: 'page' })).Tags).toEqual([])
    expect((await b.call('iam', 'GetAccountSummary')).SummaryMap.ServerCertificates).toBe(1)
    await b.call('iam', 'DeleteServerCertificate', { ServerCertificateName: 'page' })
    expect(told(await b.refusal('iam', 'GetServerCertificate', { ServerCertificateName: 'page' }))).toEqual([
      'NoSuchEntity',
      404,
      'The Server Certificate with name page cannot be found.',
    ])
  })

  test.each([
    ['a body that is none', { CertificateBody: 'x' }, 'MalformedCertificate'],
    ['a key that is none', { PrivateKey: 'x' }, 'MalformedCertificate'],
    ['the key of another', { PrivateKey: otherKey }, 'KeyPairMismatch'],
    ['a chain of strangers', { CertificateChain: certificate }, 'MalformedCertificate'],
    ['a chain that is none', { CertificateChain: 'x' }, 'MalformedCertificate'],
  ])('refuses %s', async (_, change, code) => {
    const error = await bench().refusal('iam', 'UploadServerCertificate', { ...input, ...change })
    expect([error.code, error.status]).toEqual([code, 400])
  })
})

describe('service-linked roles', () => {
  const service = 'batch.amazonaws.com'
  const name = 'AWSServiceRoleForBatch'

  test('are made with their policy, cannot be changed, and are deleted by a task', async () => {
    const b = bench()
    const { Role } = await b.call('iam', 'CreateServiceLinkedRole', { AWSServiceName: service, Description: 'mine' })
    expect(Role).toMatchObject({ Path: `/aws-service-role/${service}/`, RoleName: name, Description: 'mine' })
    expect(JSON.parse(decodeURIComponent(Role.AssumeRolePolicyDocument)).Statement[0].Principal).toEqual({
      Service: [service],
    })
    expect((await b.call('iam', 'ListAttachedRolePolicies', { RoleName: name })).AttachedPolicies).toEqual([
      {
        PolicyName: 'BatchServiceRolePolicy',
        PolicyArn: 'arn:aws:iam::aws:policy/aws-service-role/BatchServiceRolePolicy',
      },
    ])
    expect(told(await b.refusal('iam', 'CreateServiceLinkedRole', { AWSServiceName: service }))).toEqual([
      'InvalidInput',
      400,
      `Service role name ${name} has been taken in this account, please try a different suffix.`,
    ])
    const changes: [string, object][] = [
      ['DeleteRole', {}],
      ['DetachRolePolicy', { PolicyArn: 'arn:aws:iam::aws:policy/aws-service-role/BatchServiceRolePolicy' }],
      ['AttachRolePolicy', { PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }],
      ['PutRolePolicy', { PolicyName: 'p', PolicyDocument: '{}' }],
      ['UpdateAssumeRolePolicy', { PolicyDocument: '{}' }],
    ]
    for (const [operation, more] of changes)
      expect(told(await b.refusal('iam', operation, { RoleName: name, ...more }))).toEqual([
        'UnmodifiableEntity',
        400,
        `Cannot perform the operation on the protected role '${name}' - this role is only modifiable by AWS`,
      ])
    const { DeletionTaskId } = await b.call('iam', 'DeleteServiceLinkedRole', { RoleName: name })
    expect(DeletionTaskId).toMatch(new RegExp(`^task/aws-service-role/${service}/${name}/[0-9a-f-]{36}$`))
    expect(await b.call('iam', 'GetServiceLinkedRoleDeletionStatus', { DeletionTaskId })).toEqual({
      Status: 'SUCCEEDED',
    })
    expect((await b.refusal('iam', 'GetRole', { RoleName: name })).code).toBe('NoSuchEntity')
  })

  test('a suffix only where the service has many', async () => {
    const b = bench()
    const suffix = { CustomSuffix: 'mine' }
    const made = await b.call('iam', 'CreateServiceLinkedRole', {
      AWSServiceName: 'autoscaling.amazonaws.com',
      ...suffix,
    })
    expect(made.Role.RoleName).toBe('AWSServiceRoleForAutoScaling_mine')
    expect(told(await b.refusal('iam', 'CreateServiceLinkedRole', { AWSServiceName: service, ...suffix }))).toEqual([
      'InvalidInput',
      400,
      `Custom suffix is not allowed for ${service}`,
    ])
  })

  test('need leave for the service that is named', async () => {
    const b = bench()
    const keys = await b.user(
      'ana',
      allow('iam:CreateServiceLinkedRole', '*', { StringEquals: { 'iam:AWSServiceName': service } }),
    )
    await b.call('iam', 'CreateServiceLinkedRole', { AWSServiceName: service }, keys)
    const refused = await b.refusal('iam', 'CreateServiceLinkedRole', { AWSServiceName: 'ecs.amazonaws.com' }, keys)
    expect(sentence(refused)).toContain(
      `on resource: arn:aws:iam::${account}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`,
    )
  })

  test('nobody makes one by its path', async () => {
    const role = { RoleName: 'mine', Path: '/aws-service-role/x/', AssumeRolePolicyDocument: '{}' }
    expect((await bench().refusal('iam', 'CreateRole', role)).code).toBe('InvalidInput')
  })

  test('every policy of the table is there', () => {
    for (const { policyArn } of serviceLinkedRoles().values())
      expect([policyArn, awsManagedPolicy(policyArn)?.arn]).toEqual([policyArn, policyArn])
  })
})

test("root has none of a user's credentials", async () => {
  const b = bench()
  expect((await b.call('iam', 'ListSSHPublicKeys', {}, rootKeys)).SSHPublicKeys).toEqual([])
  expect((await b.refusal('iam', 'UploadSigningCertificate', { CertificateBody: certificate }, rootKeys)).code).toBe(
    'ValidationError',
  )
})
