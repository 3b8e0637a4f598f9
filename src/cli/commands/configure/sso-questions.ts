// What is asked about an SSO session: its name, start URL, region and scopes.

import type { IniSection } from '../../../lib/ini.ts'
import { isOfAws, resolvedStartUrl } from '../../../client/credentials/start-url.ts'
import type { Settings } from '../../../client/settings.ts'
import type { Prompter } from '../../prompt.ts'
import type { Context } from '../command.ts'

/** The answers so far, and what stood in the file: keys of a section, in the order they are written. */
export type Answers = Record<string, string>

interface Question {
  readonly question: string
  readonly current?: string
  /** What is wrong with an answer; undefined where it will do. */
  readonly wrong?: (answer: string) => string | undefined
}

const defaultScope = 'sso:account:access'

export class SsoQuestions {
  readonly #prompter: Prompter
  readonly #context: Context

  constructor(prompter: Prompter, context: Context) {
    this.#prompter = prompter
    this.#context = context
  }

  /** Asks until the answer will do; an empty one stands for what was there, undefined where nothing was. */
  async answer({ question, current, wrong }: Question): Promise<string | undefined> {
    for (;;) {
      const given = await this.#prompter.ask(question)
      const answer = given.trim()
      const complaint = answer === '' && current !== undefined && current !== '' ? undefined : wrong?.(given)
      if (complaint === undefined) return answer === '' ? current : answer
      this.#context.write(`${complaint}\n`)
    }
  }

  sessionName(current: string | undefined, { required }: { required: boolean }): Promise<string | undefined> {
    const label = `SSO session name${current !== undefined ? ` [${current}]` : required ? '' : ' (Recommended)'}`
    return this.answer({ question: `${label}: `, current, wrong: required ? wanted : undefined })
  }

  /**
   * Start URL and region into `answers`; the region is not asked for where the start URL leads to a page that tells it.
   * The page of AWS it leads to, where that is another.
   */
  async startUrlAndRegion(answers: Answers, settings: () => Promise<Settings>): Promise<string | undefined> {
    const startUrl = await this.#about(answers, 'sso_start_url', 'SSO start URL', (answer) =>
      isUrl(answer.trim()) ? undefined : 'Not a valid Start URL',
    )
    if (startUrl !== undefined && URL.canParse(startUrl) && !isOfAws(new URL(startUrl).hostname)) {
      const led = await resolvedStartUrl(startUrl, undefined, await settings()).catch(() => undefined)
      if (led) {
        answers['sso_region'] = led.region
        return led.url
      }
    }
    await this.#about(answers, 'sso_region', 'SSO region', wanted)
    return undefined
  }

  async scopes(answers: Answers): Promise<string> {
    answers['sso_registration_scopes'] ??= defaultScope
    const spaced = (answer: string): string | undefined =>
      answer.split(',').some((scope) => /\s/.test(scope.trim()))
        ? 'Scope values must be separated by commas'
        : undefined
    return (await this.#about(answers, 'sso_registration_scopes', 'SSO registration scopes', spaced))!
  }

  /** Any key of a profile: `region`, `output`. */
  profileKey(section: IniSection, key: string, question: string): Promise<string | undefined> {
    const value = section[key]
    const current = typeof value === 'string' ? value : undefined
    return this.answer({ question: `${question} [${current ?? 'None'}]: `, current })
  }

  profileName(suggested: string | undefined): Promise<string | undefined> {
    return this.answer({ question: `Profile name [${suggested ?? 'None'}]: `, current: suggested, wrong: wanted })
  }

  async #about(
    answers: Answers,
    key: string,
    label: string,
    wrong: (answer: string) => string | undefined,
  ): Promise<string | undefined> {
    const current = answers[key]
    const value = await this.answer({ question: `${label} [${current ?? 'None'}]: `, current, wrong })
    if (value !== undefined) answers[key] = value
    return value
  }
}

function wanted(answer: string): string | undefined {
  return answer === '' ? 'A value is required' : undefined
}

function isUrl(answer: string): boolean {
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]/i.test(answer) || !URL.canParse(answer)) return false
  const { hostname } = new URL(answer)
  return hostname.length <= 255 && hostname.split('.').every((label) => /^(?!-)[a-z\d-]{1,63}(?<!-)$/i.test(label))
}
