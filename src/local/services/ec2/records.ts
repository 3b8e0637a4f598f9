// What does a region of an account hold? The rows as they are stored. Members with a capital are AWS's own and are
// answered as they stand (moments as ISO 8601); members in lower case are kept for ourselves, and no protocol writes them.

export interface Tag {
  Key: string
  Value: string
}

/** What a resource becomes by itself: these members, from that moment on (milliseconds); `gone` and it is no more. */
export interface Later {
  at: number
  change: Record<string, unknown>
  gone?: true
}

export interface Resource {
  /** Rises with each new resource: lists come in this order. */
  order: number
  later?: Later[]
  Tags?: Tag[]
}

export interface State {
  Name: string
  Code: number
}

export interface BlockDevice {
  DeviceName: string
  Ebs: { VolumeId: string; AttachTime: string; DeleteOnTermination: boolean; Status: string }
}

export interface GroupName {
  GroupId: string
  GroupName: string
}

export interface Instance extends Resource {
  InstanceId: string
  ImageId: string
  InstanceType: string
  Architecture: string
  KeyName?: string
  LaunchTime: string
  State: State
  StateReason?: { Code: string; Message: string }
  StateTransitionReason: string
  Placement: { AvailabilityZone: string; Tenancy: string; GroupName: string; [more: string]: unknown }
  Monitoring: { State: string }
  SubnetId?: string
  VpcId?: string
  SecurityGroups: GroupName[]
  BlockDeviceMappings: BlockDevice[]
  IamInstanceProfile?: { Arn: string; Id: string }
  MetadataOptions: {
    State: string
    HttpTokens: string
    HttpPutResponseHopLimit: number
    HttpEndpoint: string
    HttpProtocolIpv6: string
    InstanceMetadataTags: string
  }
  RootDeviceName: string
  RootDeviceType: string
  EbsOptimized: boolean
  EnaSupport: boolean
  SourceDestCheck: boolean
  ClientToken: string
  AmiLaunchIndex: number
  Platform?: string
  PrivateIpAddress?: string
  reservation: string
  reservationOwner: string
  /** Ids, the primary one first. */
  interfaces: string[]
  protected: boolean
  stopProtected: boolean
  onShutdown: string
  /** Base64. */
  userData?: string
  credits?: string
  profileAssociation?: { id: string; state: string; at: string }
  [more: string]: unknown
}

export interface Volume extends Resource {
  VolumeId: string
  Size: number
  VolumeType: string
  State: string
  CreateTime: string
  AvailabilityZone: string
  Encrypted: boolean
  KmsKeyId?: string
  SnapshotId: string
  Iops?: number
  Throughput?: number
  MultiAttachEnabled: boolean
  Attachments: VolumeAttachment[]
  autoEnable: boolean
  modification?: Record<string, unknown>
}

export interface VolumeAttachment {
  VolumeId: string
  InstanceId: string
  Device: string
  State: string
  AttachTime: string
  DeleteOnTermination: boolean
}

export interface Snapshot extends Resource {
  SnapshotId: string
  VolumeId: string
  VolumeSize: number
  State: string
  Progress: string
  StartTime: string
  OwnerId: string
  Description: string
  Encrypted: boolean
  KmsKeyId?: string
  StorageTier: string
  /** Who else may make volumes of it: account ids, or `all`. */
  shared: string[]
  /** Milliseconds. */
  lock?: { mode: string; created: number; until: number; coolOff?: number }
  tiering?: { started: string; status: string; completed?: string; expires?: string }
  /** When it was made fast to restore, by zone. */
  fast?: Record<string, string>
}

export interface Image extends Resource {
  ImageId: string
  Name: string
  Description?: string
  OwnerId: string
  ImageOwnerAlias?: string
  ImageLocation: string
  ImageType: string
  State: string
  Public: boolean
  CreationDate: string
  Architecture: string
  Platform?: string
  PlatformDetails: string
  UsageOperation: string
  RootDeviceName?: string
  RootDeviceType: string
  VirtualizationType: string
  Hypervisor: string
  EnaSupport?: boolean
  SriovNetSupport?: string
  BootMode?: string
  ImdsSupport?: string
  DeprecationTime?: string
  DeregistrationProtection?: string
  SourceImageId?: string
  SourceImageRegion?: string
  SourceInstanceId?: string
  BlockDeviceMappings: { DeviceName: string; VirtualName?: string; NoDevice?: string; Ebs?: Record<string, any> }[]
  /** Who else may launch it: account ids, or `all`. */
  shared: string[]
}

export interface KeyPair extends Resource {
  KeyPairId: string
  KeyName: string
  KeyFingerprint: string
  KeyType: string
  CreateTime: string
  publicKey: string
}

export interface Rule {
  SecurityGroupRuleId: string
  IsEgress: boolean
  IpProtocol: string
  FromPort: number
  ToPort: number
  CidrIpv4?: string
  CidrIpv6?: string
  PrefixListId?: string
  ReferencedGroupInfo?: { GroupId: string; UserId: string; VpcId?: string; VpcPeeringConnectionId?: string }
  Description?: string
  Tags: Tag[]
}

export interface SecurityGroup extends Resource {
  GroupId: string
  GroupName: string
  Description: string
  OwnerId: string
  VpcId: string
  SecurityGroupArn: string
  rules: Rule[]
  /** Ids of VPCs beside its own. */
  vpcs?: string[]
}

interface CidrAssociation {
  AssociationId: string
  CidrBlock: string
  CidrBlockState: { State: string }
}

interface Ipv6Association {
  AssociationId: string
  Ipv6CidrBlock: string
  Ipv6CidrBlockState: { State: string }
  NetworkBorderGroup?: string
  Ipv6Pool?: string
}

export interface Vpc extends Resource {
  VpcId: string
  CidrBlock: string
  CidrBlockAssociationSet: CidrAssociation[]
  Ipv6CidrBlockAssociationSet: Ipv6Association[]
  DhcpOptionsId: string
  InstanceTenancy: string
  IsDefault: boolean
  OwnerId: string
  State: string
  dnsSupport: boolean
  dnsHostnames: boolean
  usageMetrics: boolean
}

export interface Subnet extends Resource {
  SubnetId: string
  SubnetArn: string
  VpcId: string
  CidrBlock: string
  AvailabilityZone: string
  AvailabilityZoneId: string
  DefaultForAz: boolean
  MapPublicIpOnLaunch: boolean
  AssignIpv6AddressOnCreation: boolean
  MapCustomerOwnedIpOnLaunch: boolean
  Ipv6Native: boolean
  EnableDns64: boolean
  Ipv6CidrBlockAssociationSet: Ipv6Association[]
  PrivateDnsNameOptionsOnLaunch: Record<string, unknown>
  OwnerId: string
  State: string
}

export interface Route {
  DestinationCidrBlock?: string
  DestinationIpv6CidrBlock?: string
  DestinationPrefixListId?: string
  GatewayId?: string
  InstanceId?: string
  InstanceOwnerId?: string
  NatGatewayId?: string
  TransitGatewayId?: string
  NetworkInterfaceId?: string
  VpcPeeringConnectionId?: string
  EgressOnlyInternetGatewayId?: string
  CarrierGatewayId?: string
  LocalGatewayId?: string
  CoreNetworkArn?: string
  Origin: string
  State: string
}

export interface RouteAssociation {
  Main: boolean
  RouteTableAssociationId: string
  RouteTableId: string
  SubnetId?: string
  GatewayId?: string
  AssociationState: { State: string }
}

export interface RouteTable extends Resource {
  RouteTableId: string
  VpcId: string
  OwnerId: string
  Associations: RouteAssociation[]
  PropagatingVgws: { GatewayId: string }[]
  Routes: Route[]
}

export interface InternetGateway extends Resource {
  InternetGatewayId: string
  OwnerId: string
  Attachments: { State: string; VpcId: string }[]
}

export interface EgressGateway extends Resource {
  EgressOnlyInternetGatewayId: string
  Attachments: { State: string; VpcId: string }[]
}

export interface CarrierGateway extends Resource {
  CarrierGatewayId: string
  VpcId: string
  OwnerId: string
  State: string
}

export interface NatGateway extends Resource {
  NatGatewayId: string
  SubnetId: string
  VpcId: string
  State: string
  ConnectivityType: string
  CreateTime: string
  DeleteTime?: string
  NatGatewayAddresses: {
    AllocationId?: string
    AssociationId?: string
    NetworkInterfaceId: string
    PrivateIp: string
    PublicIp?: string
    IsPrimary: boolean
    Status: string
  }[]
}

export interface AclEntry {
  RuleNumber: number
  Protocol: string
  RuleAction: string
  Egress: boolean
  CidrBlock?: string
  Ipv6CidrBlock?: string
  IcmpTypeCode?: { Code: number; Type: number }
  PortRange?: { From: number; To: number }
}

export interface NetworkAcl extends Resource {
  NetworkAclId: string
  VpcId: string
  OwnerId: string
  IsDefault: boolean
  Associations: { NetworkAclAssociationId: string; NetworkAclId: string; SubnetId: string }[]
  Entries: AclEntry[]
}

export interface PublicAssociation {
  PublicIp: string
  PublicDnsName: string
  IpOwnerId: string
  AllocationId?: string
  AssociationId?: string
}

export interface InterfaceAddress {
  Primary: boolean
  PrivateIpAddress: string
  PrivateDnsName?: string
  Association?: PublicAssociation
}

export interface NetworkInterface extends Resource {
  NetworkInterfaceId: string
  SubnetId: string
  VpcId: string
  AvailabilityZone: string
  Description: string
  OwnerId: string
  RequesterId?: string
  RequesterManaged: boolean
  InterfaceType: string
  MacAddress: string
  SourceDestCheck: boolean
  Status: string
  PrivateIpAddress: string
  PrivateDnsName?: string
  PrivateIpAddresses: InterfaceAddress[]
  Ipv6Addresses: { Ipv6Address: string; IsPrimaryIpv6?: boolean }[]
  Groups: GroupName[]
  Association?: PublicAssociation
  Attachment?: {
    AttachmentId: string
    AttachTime: string
    DeleteOnTermination: boolean
    DeviceIndex: number
    NetworkCardIndex: number
    InstanceId?: string
    InstanceOwnerId: string
    Status: string
  }
}

export interface Address extends Resource {
  AllocationId: string
  PublicIp: string
  Domain: string
  PublicIpv4Pool: string
  NetworkBorderGroup: string
  AssociationId?: string
  InstanceId?: string
  NetworkInterfaceId?: string
  NetworkInterfaceOwnerId?: string
  PrivateIpAddress?: string
  ptr?: string
  /** Offered to another account, until that moment (milliseconds). */
  transfer?: { account: string; until: number }
}

export interface DhcpOptions extends Resource {
  DhcpOptionsId: string
  OwnerId: string
  DhcpConfigurations: { Key: string; Values: { Value: string }[] }[]
}

export interface VpcEndpoint extends Resource {
  VpcEndpointId: string
  VpcEndpointType: string
  VpcId: string
  ServiceName: string
  State: string
  PolicyDocument?: string
  RouteTableIds: string[]
  SubnetIds: string[]
  Groups: GroupName[]
  NetworkInterfaceIds: string[]
  PrivateDnsEnabled: boolean
  CreationTimestamp: string
  [more: string]: unknown
}

export interface PeeringSide {
  VpcId: string
  OwnerId: string
  Region: string
  CidrBlock?: string
  CidrBlockSet?: { CidrBlock: string }[]
  PeeringOptions?: Record<string, boolean>
}

export interface VpcPeering extends Resource {
  VpcPeeringConnectionId: string
  RequesterVpcInfo: PeeringSide
  AccepterVpcInfo: PeeringSide
  ExpirationTime?: string
  Status: { Code: string; Message: string }
}

export interface FlowLog extends Resource {
  FlowLogId: string
  ResourceId: string
  LogDestinationType: string
  [more: string]: unknown
}

export interface PrefixList extends Resource {
  PrefixListId: string
  PrefixListName: string
  PrefixListArn: string
  AddressFamily: string
  MaxEntries: number
  OwnerId: string
  State: string
  Version: number
  /** By version: the first is version 1. */
  versions: { Cidr: string; Description?: string }[][]
}

export interface PlacementGroup extends Resource {
  GroupId: string
  GroupName: string
  GroupArn: string
  Strategy: string
  State: string
  PartitionCount?: number
  SpreadLevel?: string
}

export interface LaunchTemplate extends Resource {
  LaunchTemplateId: string
  LaunchTemplateName: string
  CreateTime: string
  CreatedBy: string
  DefaultVersionNumber: number
  LatestVersionNumber: number
}

export interface TemplateVersion extends Resource {
  key: string
  LaunchTemplateId: string
  LaunchTemplateName: string
  VersionNumber: number
  VersionDescription?: string
  CreateTime: string
  CreatedBy: string
  LaunchTemplateData: Record<string, any>
}

export interface VpnGateway extends Resource {
  VpnGatewayId: string
  Type: string
  AmazonSideAsn: number
  State: string
  VpcAttachments: { State: string; VpcId: string }[]
  AvailabilityZone?: string
}

export interface CustomerGateway extends Resource {
  CustomerGatewayId: string
  Type: string
  BgpAsn: string
  IpAddress?: string
  CertificateArn?: string
  DeviceName?: string
  State: string
}
