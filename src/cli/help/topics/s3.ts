// `virga help s3-config`, `s3-faq`, `s3-case-insensitivity`: what is to know of the commands below `s3`.

import type { Topic } from './topic.ts'

export const s3Config: Topic = {
  title: 'settings of the s3 commands',
  sections: {
    Description: `
      <p>None of these is needed. They stand in a block of a profile:</p>
      <pre>
[profile dev]
s3 =
  max_concurrent_requests = 20
  multipart_threshold = 64MB
  addressing_style = path
</pre>
      <p><code>virga configure set s3.max_concurrent_requests 20 --profile dev</code> writes them. Sizes are bytes, or
      have a unit: <code>KB</code>, <code>MB</code>, <code>GB</code>, <code>TB</code>, each 1024 times the one before.</p>`,
    'Transfers: cp, mv, sync, rm': `
      <dl>
        <dt>max_concurrent_requests</dt><dd>How many requests are under way at a time. Default: <code>10</code>.</dd>
        <dt>max_queue_size</dt><dd>How many tasks wait at most. Default: <code>1000</code>.</dd>
        <dt>multipart_threshold</dt><dd>From which size on a file is moved in parts. Default: <code>8MB</code>.</dd>
        <dt>multipart_chunksize</dt><dd>How large a part is; more where a file would have over 10,000 of them. Default:
          <code>8MB</code>.</dd>
        <dt>max_bandwidth</dt><dd>How fast at most, up and down: <code>1MB/s</code>, or in bits: <code>10Mb/s</code>. No
          limit by default.</dd>
        <dt>io_chunksize</dt><dd>How much is read or written at a time. Default: <code>256KB</code>.</dd>
        <dt>preferred_transfer_client</dt><dd><code>auto</code>, <code>classic</code> or <code>crt</code>: which of AWS
          CLI’s two ways of moving files is used.</dd>
      </dl>`,
    'All of S3: s3 and s3api': `
      <dl>
        <dt>addressing_style</dt><dd>Whether the bucket is named in the host (<code>virtual</code>) or in the path
          (<code>path</code>); <code>auto</code> takes the host where the name allows it. Default: <code>auto</code>.</dd>
        <dt>use_accelerate_endpoint</dt><dd>Calls the accelerated endpoint, which the bucket must have switched on. Not
          together with <code>use_dualstack_endpoint</code>.</dd>
        <dt>use_dualstack_endpoint</dt><dd>Calls the endpoint that also answers over IPv6.</dd>
        <dt>payload_signing_enabled</dt><dd>Signs the content too, where a checksum and TLS would do.</dd>
        <dt>use_arn_region</dt><dd>Calls the region that an access point’s ARN names.</dd>
      </dl>`,
  },
}

export const s3Faq: Topic = {
  title: 'questions about checksums',
  sections: {
    'Is what I upload checked?': `
      <p>Yes. Each upload has a checksum, which S3 compares with what it received, refuses the object if they differ, and
      keeps beside it otherwise. It is CRC64NVME where nothing else is asked for; <code>--checksum-algorithm</code> names
      another: <code>CRC32</code>, <code>CRC32C</code>, <code>SHA1</code>, <code>SHA256</code>, <code>SHA512</code>,
      <code>XXHASH64</code>, <code>XXHASH3</code>, <code>XXHASH128</code>. This holds for <code>s3 cp</code>,
      <code>mv</code> and <code>sync</code> and for <code>s3api put-object</code> and <code>upload-part</code>; a command
      that moves many files uses the same for all.</p>`,
    'Is what I download checked?': `
      <p>Yes, where S3 has a checksum for the object and answers with it: it is computed again while the bytes arrive. If
      the two differ, the command fails and does not try again. Checksums of the parts of an object that was uploaded in
      parts are not those of the whole, and are not compared.</p>`,
  },
}

export const caseInsensitivity: Topic = {
  title: 'downloads to a file system that does not tell A from a',
  sections: {
    Description: `
      <p>A bucket may hold both <code>a.txt</code> and <code>A.txt</code>. Where a file system takes the two for one name,
      as those of Windows and macOS usually do, a download of many objects writes one over the other, and which one
      stays is chance. So does a download next to a file that is already there under the name in other letters.</p>`,
    'What can be done': `
      <p><code>s3 sync</code>, and <code>s3 cp</code> and <code>s3 mv</code> with <code>--recursive</code>, take
      <code>--case-conflict</code>:</p>
      <ul>
        <li><p><code>ignore</code> – Does not look for conflicts. The default.</p></li>
        <li><p><code>warn</code> – Says so on stderr, and downloads both.</p></li>
        <li><p><code>skip</code> – Says so on stderr, and leaves the second one out.</p></li>
        <li><p><code>error</code> – Fails, and ends the downloads that are under way.</p></li>
      </ul>
      <p>Conflicts are looked for on a file system only where it does not tell the letters apart. Directory buckets do not
      list in order, so a conflict there may be met late.</p>`,
  },
}
