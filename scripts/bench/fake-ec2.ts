// An EC2 that answers every request with one instance: nothing but the client's own time is measured against it.
// Prints its address and serves until its input ends.

const answer = `<?xml version="1.0" encoding="UTF-8"?>
<RunInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
  <requestId>59dbff89-35bd-4eac-99ed-be587EXAMPLE</requestId>
  <reservationId>r-1234567890abcdef0</reservationId>
  <ownerId>123456789012</ownerId>
  <instancesSet><item>
    <instanceId>i-1234567890abcdef0</instanceId>
    <imageId>ami-1234567890abcdef0</imageId>
    <instanceState><code>0</code><name>pending</name></instanceState>
    <instanceType>t3.micro</instanceType>
    <launchTime>2026-01-02T03:04:05.000Z</launchTime>
  </item></instancesSet>
</RunInstancesResponse>`

const server = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  fetch: () => new Response(answer, { headers: { 'content-type': 'text/xml;charset=UTF-8' } }),
})
console.log(server.url.origin)
await Bun.stdin.bytes()
await server.stop(true)
