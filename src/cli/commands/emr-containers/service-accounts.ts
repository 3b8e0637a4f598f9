// Under which service accounts of an EKS cluster do the jobs of a role run? By their names, which EMR on EKS makes of the
// role's, and the namespaces they are in.

export interface ServiceAccount {
  readonly name: string
  readonly namespace: string
}

/** What runs the jobs, in `--type`'s words. */
export const submissionModels = ['start_job_run', 'interactive_endpoint', 'spark_operator', 'flink_operator', 'livy']

const components: Readonly<Record<string, readonly string[]>> = {
  start_job_run: ['spark-client', 'spark-driver', 'spark-executor'],
  interactive_endpoint: ['spark-jeg', 'spark-jeg-kernel', 'spark-session'],
  spark_operator: ['spark-driver', 'spark-executor'],
  flink_operator: ['flink-jobmanager', 'flink-taskmanager'],
}

const operators: Readonly<Record<string, string>> = {
  spark_operator: 'spark-operator',
  flink_operator: 'flink-operator',
  livy: 'livy',
}

/** All accounts of a submission model: its operator's, which may live in a namespace of its own, and the jobs'. */
export function serviceAccounts(
  model: string,
  namespace: string,
  operatorNamespace: string,
  account: string,
  role: string,
): ServiceAccount[] {
  const operator = operators[model]
  const jobs = (components[model] ?? []).map((component) => `${component}-${account}-${base36(role)}`)
  return [
    ...(operator === undefined ? [] : [{ name: `emr-containers-sa-${operator}`, namespace: operatorNamespace }]),
    ...jobs.map((job) => ({ name: `emr-containers-sa-${job}`, namespace })),
    // Without the s, as the service has it.
    ...(model === 'livy' ? [{ name: 'emr-container-sa-spark-livy', namespace }] : []),
  ]
}

/** A text as one large number, in digits that may stand in a name. */
export function base36(text: string): string {
  return [...text].reduce((sum, char) => sum * 256n + BigInt(char.codePointAt(0)!), 0n).toString(36)
}
