/** A piece of one module's text that is replaced on its way into a bundle. */

export interface Mutation {
  /** Relative to the project. */
  readonly file: string
  readonly find: string
  readonly replace: string
}

/** A mutation that is a bug. */
export interface Mutant extends Mutation {
  readonly id: string
  /** What the bug would do. */
  readonly means: string
}
