/** How regions are called, as tenants name them for their data. */
export const regionPattern = /^[a-z0-9][a-z0-9-]{1,30}$/
