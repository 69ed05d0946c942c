/** How long the dashboard's lists are: the rows that they need are chosen by the same numbers. */

/** Drivers, and vehicles. */
export const costliestMax = 10
/** Tokens nearest to their budget. */
export const nearestMax = 5
