// What does the customer's device need to know of a VPN connection? The document that AWS makes of it (both tunnels, their
// addresses and keys), which tools parse.

import { escapeText } from '../../../lib/xml.ts'
import { formatAddress, parseBlock } from './cidr.ts'
import type { VpnConnection, VpnTunnel } from './transit-records.ts'

interface Ends {
  readonly customerAddress: string
  readonly customerAsn: string
  readonly amazonAsn: number
}

export function customerGatewayConfiguration(connection: VpnConnection, ends: Ends): string {
  const { VpnConnectionId, CustomerGatewayId, VpnGatewayId = '', Type, Options } = connection
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<vpn_connection id="${VpnConnectionId}">`,
    `  <customer_gateway_id>${CustomerGatewayId}</customer_gateway_id>`,
    `  <vpn_gateway_id>${VpnGatewayId}</vpn_gateway_id>`,
    `  <vpn_connection_type>${Type}</vpn_connection_type>`,
    ...(Options.StaticRoutesOnly
      ? ['  <vpn_connection_attributes>NoBGPVPNConnection</vpn_connection_attributes>']
      : []),
    ...Options.TunnelOptions.map((tunnel) => tunnelShown(tunnel, ends, Options.StaticRoutesOnly)),
    '</vpn_connection>',
  ].join('\n')
}

/** The first address inside is Amazon's, the second the customer's. */
function tunnelShown(tunnel: VpnTunnel, ends: Ends, isStatic: boolean): string {
  const first = parseBlock(tunnel.TunnelInsideCidr)!.first
  const end = (name: string, outside: string, inside: bigint, asn: string | number): string => `    <${name}>
      <tunnel_outside_address>
        <ip_address>${escapeText(outside)}</ip_address>
      </tunnel_outside_address>
      <tunnel_inside_address>
        <ip_address>${formatAddress(inside, 4)}</ip_address>
        <network_mask>255.255.255.252</network_mask>
        <network_cidr>30</network_cidr>
      </tunnel_inside_address>${isStatic ? '' : bgp(asn)}
    </${name}>`
  return `  <ipsec_tunnel>
${end('customer_gateway', ends.customerAddress, first + 2n, ends.customerAsn)}
${end('vpn_gateway', tunnel.OutsideIpAddress, first + 1n, ends.amazonAsn)}
    <ike>
      <authentication_protocol>sha1</authentication_protocol>
      <encryption_protocol>aes-128-cbc</encryption_protocol>
      <lifetime>28800</lifetime>
      <perfect_forward_secrecy>group2</perfect_forward_secrecy>
      <mode>main</mode>
      <pre_shared_key>${escapeText(tunnel.PreSharedKey)}</pre_shared_key>
    </ike>
    <ipsec>
      <protocol>esp</protocol>
      <authentication_protocol>hmac-sha1-96</authentication_protocol>
      <encryption_protocol>aes-128-cbc</encryption_protocol>
      <lifetime>3600</lifetime>
      <perfect_forward_secrecy>group2</perfect_forward_secrecy>
      <mode>tunnel</mode>
      <clear_df_bit>true</clear_df_bit>
      <fragmentation_before_encryption>true</fragmentation_before_encryption>
      <tcp_mss_adjustment>1379</tcp_mss_adjustment>
      <dead_peer_detection>
        <interval>10</interval>
        <retries>3</retries>
      </dead_peer_detection>
    </ipsec>
  </ipsec_tunnel>`
}

function bgp(asn: string | number): string {
  return `
      <bgp>
        <asn>${asn}</asn>
        <hold_time>30</hold_time>
      </bgp>`
}
