/**
 * Rules in a small, total part of CEL (docs/adr/0033): literals, the facts, comparison, arithmetic on integers, logic,
 * choice and `in` a list. No calls, no macros, no fields and no indexes: every rule ends after as many steps as it has
 * nodes, and none can run away, whoever wrote it.
 */

import { Environment, type ASTNode } from '@marcbachmann/cel-js'
import { err, ok, type Result } from '@/lib/core/result'
import { factNames, isFactName, traitsOf, type FactName, type RuleFacts } from './rule-facts'
import type { CompiledRule, RuleEngine } from './rules'

/** Nodes of one expression; 300 characters hold about 100 at their densest. */
const nodesMax = 96
const depthMax = 24
const listMax = 32
/** Expressions that are kept compiled; a policy has at most 16. */
const keptMax = 64

function newEnvironment(): Environment {
  const environment = new Environment({
    limits: { maxAstNodes: nodesMax, maxDepth: depthMax, maxListElements: listMax },
  })
  for (const name of factNames) environment.registerVariable(name, traitsOf(name).kind)
  return environment
}

class CelEngine implements RuleEngine {
  readonly #environment = newEnvironment()
  readonly #kept = new Map<string, Result<CompiledRule, string>>()

  compile(expression: string): Result<CompiledRule, string> {
    const known = this.#kept.get(expression)
    if (known !== undefined) return known
    const compiled = this.#compile(expression)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size >= keptMax && oldest !== undefined) this.#kept.delete(oldest)
    this.#kept.set(expression, compiled)
    return compiled
  }

  #compile(expression: string): Result<CompiledRule, string> {
    try {
      const parsed = this.#environment.parse(expression)
      const asks = new Set<FactName>()
      const foreign = foreignPart(parsed.ast, asks)
      if (foreign !== undefined) return err(foreign)
      const checked = parsed.check()
      if (!checked.valid) return err(sentence(checked.error))
      if (checked.type !== 'bool')
        return err(`It gives ${checked.type ?? 'nothing'} instead of true or false.`)
      return ok({ asks, applies: (facts) => evaluate(parsed, facts) })
    } catch (error) {
      return err(sentence(error))
    }
  }
}

/** For charger and cloud; a phone loads this file when a policy has rules. */
export const celEngine: RuleEngine = new CelEngine()

type Parsed = ReturnType<Environment['parse']>

function evaluate(parsed: Parsed, facts: RuleFacts): Result<boolean, string> {
  try {
    const value: unknown = parsed(contextOf(facts))
    return typeof value === 'boolean' ? ok(value) : err('It gave neither true nor false.')
  } catch (error) {
    return err(sentence(error))
  }
}

/** Integers of CEL are 64 bits. */
const contextOf = (facts: RuleFacts): Record<string, bigint | string | boolean> =>
  Object.fromEntries(
    factNames.map((name) => {
      const value = facts[name]
      return [name, typeof value === 'number' ? BigInt(value) : value]
    }),
  )

const sentence = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]?.slice(0, 160) ?? 'It fails.'

/** What does not belong to our part of the language; collects the facts on its way. */
function foreignPart(node: ASTNode, asks: Set<FactName>): string | undefined {
  switch (node.op) {
    case 'value':
      return ['string', 'bigint', 'boolean'].includes(typeof node.args)
        ? undefined
        : 'Only whole numbers, texts, true and false may stand in it.'
    case 'id':
      if (!isFactName(node.args)) return `There is no fact ${node.args.slice(0, 40)}.`
      asks.add(node.args)
      return undefined
    case '!_':
    case '-_':
      return foreignPart(node.args, asks)
    case 'list':
    case '?:':
    case '||':
    case '&&':
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
    case 'in':
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return firstForeign(node.args, asks)
    default:
      return `${String(node.op)} is not allowed: rules compare, count and choose, and call nothing.`
  }
}

function firstForeign(nodes: readonly ASTNode[], asks: Set<FactName>): string | undefined {
  // Every part is walked, so that all facts are collected.
  return nodes.map((part) => foreignPart(part, asks)).find((fault) => fault !== undefined)
}
