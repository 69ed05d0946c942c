/** What is done once a day, and when that was begun last. */

export interface DailyWorkRow {
  tenant: string
  work: 'forget'
  begun_at_s: number
}

export interface DailyWorkTables {
  daily_work: DailyWorkRow
}
