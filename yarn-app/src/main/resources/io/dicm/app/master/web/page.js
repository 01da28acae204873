'use strict';
// Asks for the page's parts anew and puts in those that changed. What the reader has open, chosen or scrolled stays.
(function () {
  const INTERVAL_MS = 3000;
  const MOST_FAILURES = 5;
  const button = document.getElementById('pause');
  const updated = document.getElementById('updated');
  const announcement = document.getElementById('announcement');
  const shown = {};
  let paused = false;
  let failures = 0;
  let timer = 0;
  // Counts pauses and goings on: an answer that was asked for before the last of them is not shown.
  let turn = 0;

  function keepPlace(container, change) {
    const focus = container.contains(document.activeElement) ? document.activeElement.id : '';
    const open = Array.from(container.querySelectorAll('details[open]'), function (one) { return one.id; });
    const scrolled = Array.from(container.querySelectorAll('.scroll'), function (one) { return one.scrollLeft; });
    const focusedTable = Array.from(container.querySelectorAll('.scroll')).indexOf(document.activeElement);
    const focusedSummary = document.activeElement && document.activeElement.tagName === 'SUMMARY'
      && container.contains(document.activeElement) ? document.activeElement.parentElement.id : '';
    change();
    open.forEach(function (id) {
      const one = document.getElementById(id);
      if (one) { one.open = true; }
    });
    const tables = container.querySelectorAll('.scroll');
    tables.forEach(function (one, i) { one.scrollLeft = scrolled[i] || 0; });
    const again = focusedTable >= 0 ? tables[focusedTable]
      : focusedSummary ? document.querySelector('#' + CSS.escape(focusedSummary) + ' > summary')
      : focus ? document.getElementById(focus) : null;
    if (again) { again.focus({ preventScroll: true }); }
  }

  function say(text) {
    if (announcement.textContent !== text) { announcement.textContent = text; }
  }

  function show(answer) {
    document.title = answer.title;
    say(answer.announcement);
    Object.keys(answer.parts).forEach(function (id) {
      const container = document.getElementById(id + '-content');
      if (container && shown[id] !== answer.parts[id]) {
        shown[id] = answer.parts[id];
        // The server's own markup, with all text escaped.
        keepPlace(container, function () { container.innerHTML = answer.parts[id]; });
      }
    });
    updated.textContent = 'As of ' + new Date().toISOString().slice(0, 19).replace('T', ' ') + ' UTC.';
  }

  function ask() {
    const mine = turn;
    fetch('api/parts.json', { credentials: 'same-origin', cache: 'no-store', redirect: 'error' })
      .then(function (response) {
        if (!response.ok) { throw new Error(String(response.status)); }
        return response.json();
      })
      .then(function (answer) { failures = 0; if (mine === turn) { show(answer); } })
      .catch(function () {
        failures++;
        if (failures === MOST_FAILURES) {
          say('The application does not answer any more. If it has ended, its history has this page: dicm history.');
        }
      })
      .then(function () { if (mine === turn) { next(); } });
  }

  function next() {
    if (!paused) { timer = window.setTimeout(ask, failures < MOST_FAILURES ? INTERVAL_MS : 10 * INTERVAL_MS); }
  }

  button.hidden = false;
  button.addEventListener('click', function () {
    paused = !paused;
    turn++;
    button.textContent = paused ? 'Go on with updates' : 'Pause updates';
    window.clearTimeout(timer);
    if (!paused) { ask(); }
  });
  next();
}());
