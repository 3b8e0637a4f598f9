// `npm run check`: what a machine can say of the code without running the program. Every check runs, whatever fails.

import { CHECKS, runSteps } from './steps.ts'

process.exitCode = (await runSteps(CHECKS)).failed === 0 ? 0 : 1
