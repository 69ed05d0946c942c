/**
 * Sets light and language before the first paint, from what was stored last time. It is a fixed text, so that a strict
 * content security policy can allow it by its hash (`themeScriptHash`) instead of `unsafe-inline`.
 */

export const themeStorageKey = 'outpost.theme'
export const localeStorageKey = 'outpost.locale'

export const themeScript =
  "(function(){try{var d=document.documentElement,t=localStorage.getItem('outpost.theme'),l=localStorage.getItem('outpost.locale')||(navigator.languages||[]).map(function(x){return x.slice(0,2)}).find(function(x){return x==='en'||x==='de'});if(t==='day'||t==='night')d.setAttribute('data-theme',t);if(l==='en'||l==='de')d.lang=l}catch(e){}})()"

/** For `script-src`: the SHA-256 of the text above, in the form that a policy wants. A test keeps it true. */
export const themeScriptHash = 'sha256-xN+IroggZ7HrMCgVkEmhkX/3msi9Wx9c1nbZtF+MfBI='
