export function topicNames(): string[] {
  return ['topics']
}
