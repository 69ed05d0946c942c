/**
 * Sets light and language before the first paint, from what was stored last time. It is a fixed text, so that the
 * content security policy can name it by its hash; the build takes that from the pages (scripts/build/page-policies.mjs).
 */

export const themeStorageKey = 'outpost.theme'
export const localeStorageKey = 'outpost.locale'
export const contrastStorageKey = 'outpost.contrast'

export const themeScript =
  "(function(){try{var d=document.documentElement,t=localStorage.getItem('outpost.theme'),l=localStorage.getItem('outpost.locale')||(navigator.languages||[]).map(function(x){return x.slice(0,2)}).find(function(x){return x==='en'||x==='de'});if(t==='day'||t==='night')d.setAttribute('data-theme',t);if(localStorage.getItem('outpost.contrast')==='more')d.setAttribute('data-contrast','more');if(l==='en'||l==='de')d.lang=l}catch(e){}})()"
