// `aws`, `aws-cn`, `aws-us-gov`: what stands second in an ARN of a region.

export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn'
  if (region.startsWith('us-gov-')) return 'aws-us-gov'
  return 'aws'
}
