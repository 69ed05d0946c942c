// A failure that the person at the terminal can act on: one plain sentence, no stack trace.

export class PlainFailure extends Error {
  /**
   * @param {string} sentence what is wrong and what to do about it
   * @param {string} [logFile] where the details stand
   */
  constructor(sentence, logFile) {
    super(sentence)
    this.name = 'PlainFailure'
    this.logFile = logFile
  }
}
