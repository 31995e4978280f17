// SPDX-License-Identifier: Apache-2.0
//
// usage: node plivo_sdk_documents.js DIRECTORY
// Lets the official SDK, installed below DIRECTORY, build a document for each of its elements with
// each attribute that it knows, with all of them, and inside each parent that it allows. Prints one
// JSON object a line: {"what": "Dial timeout", "xml": "..."}. Fails on an attribute that has no
// sample below, so that a newer SDK's are noticed.
'use strict';
const path = require('path');

const plivo = require(path.join(path.resolve(process.argv[2]), 'node_modules', 'plivo'));

const URL = 'https://pbx.example.com/x?a=1&b=2';
const POLLY = {voice: 'Polly.Joanna', language: 'en-US'};

// By kind of value; those of one element alone have its name in front.
const SAMPLES = [
  [URL, 'action callbackUrl confirmSound dialMusic invalidDigitsSound transcriptionUrl ' +
    'waitMusicUrl interimSpeechResultsCallback agentHoldMusicUrl customerHoldMusicUrl ' +
    'recordingCallbackUrl statusCallbackUrl onExitActionUrl startRecordingAudio ' +
    'stopRecordingAudio waitSound'],
  ['POST', 'method callbackMethod transcriptionMethod interimSpeechResultsCallbackMethod ' +
    'waitMusicMethod agentHoldMusicMethod customerHoldMusicMethod recordingCallbackMethod ' +
    'statusCallbackMethod enterSoundMethod exitSoundMethod onExitActionMethod ' +
    'startRecordingAudioMethod stopRecordingAudioMethod'],
  [true, 'redirect hangupOnStar log playBeep recordSession startOnDialAnswer sendOnPreanswer ' +
    'muted beep startConferenceOnEnter endConferenceOnExit record recordWhenAlone stayAlone floorEvent ' +
    'relayDTMF profanityFilter silence async coachMode mute hold startMpcOnEnter endMpcOnExit ' +
    'relayDTMFInputs recordParticipantTrack bidirectional keepCallAlive'],
  [20, 'timeout timeLimit digitTimeout numDigits confirmTimeout executionTimeout maxLength ' +
    'schedule length streamTimeout maxMembers'],
  [2, 'loop retries recordMinMemberCount'],
  [8, 'maxParticipants digitEndTimeout speechEndTimeout'],
  [3600, 'maxDuration minSilence min_silence'],
  ['+14155550199', 'callerId src dst'],
  ['Front desk', 'callerName'],
  ['1', 'confirmKey'],
  ['#', 'finishOnKey'],
  ['*9,123', 'digitsMatch digitsMatchBLeg'],
  ['123*#', 'validDigits'],
  ['wwww2410', 'sendDigits digits'],
  ['rfc2833', 'sendDigitsMode'],
  ['Ticket=123,Queue=sales', 'sipHeaders'],
  ['Ticket=123', 'extraHeaders'],
  ['busy', 'reason'],
  ['mp3', 'fileFormat recordFileFormat'],
  ['mono', 'recordChannelType'],
  ['auto', 'transcriptionType'],
  ['dtmf speech', 'inputType'],
  ['phone_call', 'speechModel'],
  ['sales, support', 'hints'],
  ['en-US', 'language xml:lang'],
  ['WOMAN', 'voice'],
  ['beep:1', 'enterSound exitSound'],
  ['sms', 'type'],
  ['Agent', 'MultiPartyCall.role'],
  ['mpc-state-changes,participant-state-changes', 'statusCallbackEvents'],
  ['inbound', 'audioTrack'],
  ['audio/x-mulaw;rate=8000', 'contentType'],
  ['strong', 'strength level'],
  ['2s', 'time'],
  ['ipa', 'alphabet'],
  ['p', 'ph'],
  ['slow', 'rate'],
  ['loud', 'volume'],
  ['high', 'pitch'],
  ['date', 'interpret-as'],
  ['mdy', 'format'],
  ['World Wide Web', 'alias'],
  ['amazon:VB', 'w.role'],
];
const SAMPLE_OF = new Map();
for (const [value, names] of SAMPLES) {
  for (const name of names.split(' ')) SAMPLE_OF.set(name, value);
}

// What an element needs beside any other attribute, and what one attribute needs beside itself.
const NEEDED = {
  GetInput: ['action'],
  MultiPartyCall: ['role'],
  Message: ['src', 'dst'],
  confirmKey: ['confirmSound'],
  confirmTimeout: ['confirmSound', 'confirmKey'],
};

const TEXTS = {
  Speak: 'Hello',
  Play: 'https://pbx.example.com/a.mp3',
  Redirect: URL,
  DTMF: '12w3',
  Number: '+14155550100',
  User: 'sip:alice@example.com',
  Conference: 'room',
  MultiPartyCall: 'room',
  Message: 'Hello',
  Stream: 'wss://pbx.example.com/stream',
};
// add* takes no text for these.
const WITHOUT_TEXT = [
  'GetDigits', 'GetInput', 'Record', 'Dial', 'Wait', 'Hangup', 'PreAnswer', 'break'];
const METHODS = {'say-as': 'addSayAs'};

function add(parent, name, attributes) {
  const method = METHODS[name] || 'add' + name[0].toUpperCase() + name.slice(1);
  if (name === 'PreAnswer') return parent.addPreAnswer();
  if (WITHOUT_TEXT.includes(name)) return parent[method](attributes);
  return parent[method](TEXTS[name] || 'word', attributes);
}

function sample(element, attribute) {
  const own = element + '.' + attribute;
  if (SAMPLE_OF.has(own)) return SAMPLE_OF.get(own);
  if (SAMPLE_OF.has(attribute)) return SAMPLE_OF.get(attribute);
  throw new Error('no sample for ' + own);
}

function samples(element, names) {
  const withNeeded = names.flatMap((name) => [name, ...(NEEDED[name] || [])]);
  const all = new Set([...(NEEDED[element] || []), ...withNeeded]);
  return Object.fromEntries([...all].map((name) => [name, sample(element, name)]));
}

// The document in which `element` stands below `parents` (outermost first).
function documentOf(parents, element, attributes) {
  const response = new plivo.Response();
  let below = response;
  for (const parent of parents) {
    below = add(below, parent, parent === 'Speak' ? {...POLLY} : samples(parent, []));
  }
  const added = add(below, element, attributes);
  if (element === 'Dial') added.addNumber(TEXTS.Number);
  return {xml: response.toXML(), added};
}

function print(what, parents, element, attributes) {
  const {xml} = documentOf(parents, element, attributes);
  process.stdout.write(JSON.stringify({what, xml}) + '\n');
}

// All elements that can stand in `parent`, each once, with the way to it.
function walk(parents, element, seen) {
  const {added} = documentOf(parents, element, samples(element, []));
  print([...parents, element].join(' > '), parents, element, samples(element, []));
  if (seen.has(element)) return;
  seen.add(element);
  const known = added.valid_attributes;
  for (const name of known) print(element + ' ' + name, parents, element, samples(element, [name]));
  if (known.length > 1) print(element + ' with all', parents, element, samples(element, known));
  // <Stream> lists the children of <Speak> and has a text.
  if (element === 'Stream') return;
  for (const child of added.nestables) walk([...parents, element], child, seen);
}

const seen = new Set();
for (const element of new plivo.Response().nestables) walk([], element, seen);
