/** Where a command says what it did, and what is wrong. */

export interface Terminal {
  print(text: string): void
  complain(text: string): void
}

export const terminal: Terminal = {
  print: (text) => void process.stdout.write(`${text}\n`),
  complain: (text) => void process.stderr.write(`${text}\n`),
}
