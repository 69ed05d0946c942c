/**
 * What happens before the first paint: light and language as they were stored last time, whether this phone has been
 * used, and an ear for taps on buttons that the page shows before its scripts are awake (early-taps.ts). It is a fixed
 * text, so that the content security policy can name it by its hash; the build takes that from the pages
 * (scripts/build/page-policies.mjs).
 */

export const themeStorageKey = 'outpost.theme'
export const localeStorageKey = 'outpost.locale'
export const contrastStorageKey = 'outpost.contrast'
/** Written once something was done on this phone, so that `/` does not begin as it does for a newcomer. */
export const usedStorageKey = 'outpost.used'
export const usedAttribute = 'data-used'

export const themeScript =
  "(function(){try{var d=document.documentElement,t=localStorage.getItem('outpost.theme'),l=localStorage.getItem('outpost.locale')||(navigator.languages||[]).map(function(x){return x.slice(0,2)}).find(function(x){return x==='en'||x==='de'});if(t==='day'||t==='night')d.setAttribute('data-theme',t);if(localStorage.getItem('outpost.contrast')==='more')d.setAttribute('data-contrast','more');if(localStorage.getItem('outpost.used')==='1')d.setAttribute('data-used','');if(l==='en'||l==='de')d.lang=l}catch(e){}window.outpostEarlyTaps=[];addEventListener('click',function(e){var b=e.target.closest&&e.target.closest('button');if(b&&window.outpostEarlyTaps)window.outpostEarlyTaps.push(b)},true)})()"
