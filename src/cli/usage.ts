// The usage text below a command line that cannot be understood.

const HELP = `To see help text, you can run:

  aws help
  aws <command> help
  aws <command> <subcommand> help
`

export const USAGE = `usage: aws [options] <command> <subcommand> [<subcommand> ...] [parameters]
${HELP}`
