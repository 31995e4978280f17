// SPDX-License-Identifier: Apache-2.0
#include "lib/document/vocabulary.h"

#include <cstdint>
#include <iterator>

namespace plivo_dial {
namespace {

using Word = std::string_view;
using enum ValueKind;

// A call lives at most 24 hours at Plivo, so no time in a document can be longer.
constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kMany = 1'000'000;

constexpr Word kMethods[] = {"GET", "POST"};
constexpr Word kConfirmKeys[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "#", "*"};
constexpr Word kCallTypes[] = {"voice", "whatsapp"};
constexpr Word kSendDigitsModes[] = {"rfc2833"};
constexpr Word kHangupReasons[] = {"rejected", "busy"};
constexpr Word kFileFormats[] = {"mp3", "wav"};
constexpr Word kChannelTypes[] = {"mono", "stereo"};
constexpr Word kTranscriptionTypes[] = {"auto", "hybrid", "manual"};
constexpr Word kReportTypes[] = {"full", "compact"};
constexpr Word kInputTypes[] = {"dtmf", "speech", "dtmf speech", "speech dtmf"};
constexpr Word kSpeechModels[] = {"default", "command_and_search", "phone_call"};
constexpr Word kAudioTracks[] = {"inbound", "outbound", "both"};
constexpr Word kMachineDetections[] = {"true", "hangup"};
constexpr Word kRoles[] = {"agent", "supervisor", "customer", "ai-agent"};

constexpr AttributeRule kDialAttributes[] = {
    {"action", kUrl},
    {"method", kWord, 0, 0, kMethods},
    {"redirect", kBoolean},
    {"timeout", kInteger, 1, kDay},
    {"timeLimit", kInteger, 1, kDay},
    {"callerId", kPhoneNumber},
    {"callerName", kText, 1, 50},
    {"hangupOnStar", kBoolean},
    {"confirmSound", kUrl},
    {"confirmKey", kWord, 0, 0, kConfirmKeys},
    {"confirmTimeout", kInteger, 1, kDay},
    {"dialMusic", kUrlOrReal},
    {"callbackUrl", kUrl},
    {"callbackMethod", kWord, 0, 0, kMethods},
    {"digitsMatch", kDigitLists},
    {"digitsMatchBLeg", kDigitLists},
    {"sipHeaders", kSipHeaders},
    {"callType", kWord, 0, 0, kCallTypes},
    {"machineDetection", kWord, 0, 0, kMachineDetections},
};

constexpr AttributeRule kNumberAttributes[] = {
    {"sendDigits", kDigits},       {"sendDigitsMode", kWord, 0, 0, kSendDigitsModes},
    {"sendOnPreanswer", kBoolean}, {"sipHeaders", kSipHeaders},
    {"callerId", kPhoneNumber},    {"callerName", kText, 1, 50},
};

constexpr AttributeRule kUserAttributes[] = {
    {"sendDigits", kDigits},       {"sendOnPreanswer", kBoolean},      {"sipHeaders", kSipHeaders},
    {"sipAuthUsername", kText, 1}, {"sipAuthPassword", kText, 8, 128}, {"callerId", kPhoneNumber},
    {"callerName", kText, 1, 50},
};

constexpr AttributeRule kSpeakAttributes[] = {
    {"voice", kVoice},
    {"language", kLanguage},
    {"loop", kInteger, 0, kMany},
};

constexpr AttributeRule kPlayAttributes[] = {{"loop", kInteger, 0, kMany}};

constexpr AttributeRule kWaitAttributes[] = {
    {"length", kInteger, 1, kDay},
    {"silence", kBoolean},
    {"minSilence", kInteger, 1, kDay * 1000},
    {"beep", kBeep},
};

constexpr AttributeRule kHangupAttributes[] = {
    {"reason", kWord, 0, 0, kHangupReasons},
    {"schedule", kInteger, 1, kDay},
};

constexpr AttributeRule kRedirectAttributes[] = {{"method", kWord, 0, 0, kMethods}};

constexpr AttributeRule kDtmfAttributes[] = {{"async", kBoolean}};

constexpr AttributeRule kRecordAttributes[] = {
    {"action", kUrl},
    {"method", kWord, 0, 0, kMethods},
    {"redirect", kBoolean},
    {"fileFormat", kWord, 0, 0, kFileFormats},
    {"timeout", kInteger, 1, kDay},
    {"maxLength", kInteger, 1, kDay},
    {"finishOnKey", kKey},
    {"playBeep", kBoolean},
    {"recordSession", kBoolean},
    {"startOnDialAnswer", kBoolean},
    {"recordChannelType", kWord, 0, 0, kChannelTypes},
    {"transcriptionType", kWord, 0, 0, kTranscriptionTypes},
    {"transcriptionUrl", kUrl},
    {"transcriptionMethod", kWord, 0, 0, kMethods},
    {"transcriptionReportType", kWord, 0, 0, kReportTypes},
    {"callbackUrl", kUrl},
    {"callbackMethod", kWord, 0, 0, kMethods},
};

constexpr AttributeRule kGetDigitsAttributes[] = {
    {"action", kUrl},
    {"method", kWord, 0, 0, kMethods},
    {"numDigits", kInteger, 1, 99},
    {"timeout", kInteger, 1, kDay},
    {"digitTimeout", kInteger, 1, kDay},
    {"finishOnKey", kKey},
    {"retries", kInteger, 1, kMany},
    {"redirect", kBoolean},
    {"playBeep", kBoolean},
    {"validDigits", kKeys},
    {"invalidDigitsSound", kUrl},
    {"log", kBoolean},
};

constexpr AttributeRule kGetInputAttributes[] = {
    {"action", kUrl},
    {"method", kWord, 0, 0, kMethods},
    {"inputType", kWord, 0, 0, kInputTypes},
    {"redirect", kBoolean},
    {"log", kBoolean},
    {"executionTimeout", kInteger, 5, 60},
    {"digitEndTimeout", kText, 1},
    {"speechEndTimeout", kText, 1},
    {"numDigits", kInteger, 1, 32},
    {"finishOnKey", kKey},
    {"language", kLanguage},
    {"speechModel", kWord, 0, 0, kSpeechModels},
    {"hints", kText, 0, 10'000},
    {"profanityFilter", kBoolean},
    {"interimSpeechResultsCallback", kUrl},
    {"interimSpeechResultsCallbackMethod", kWord, 0, 0, kMethods},
    {"startInputTimeout", kInteger, 1, kDay},
    {"retries", kInteger, 1, kMany},
};

// The remaining elements are only met in documents that administrators wrote. Plivo's SDKs agree
// on their attributes; the values are judged where Plivo's docs are firm about them.
constexpr AttributeRule kConferenceAttributes[] = {
    {"muted", kBoolean},
    {"beep", kBoolean},
    {"startConferenceOnEnter", kBoolean},
    {"endConferenceOnExit", kBoolean},
    {"waitSound", kText},
    {"enterSound", kText},
    {"exitSound", kText},
    {"timeLimit", kInteger, 1, kDay},
    {"hangupOnStar", kBoolean},
    {"maxMembers", kInteger, 1, 20},
    {"record", kBoolean},
    {"recordFileFormat", kWord, 0, 0, kFileFormats},
    {"recordWhenAlone", kBoolean},
    {"action", kUrl},
    {"method", kWord, 0, 0, kMethods},
    {"redirect", kBoolean},
    {"digitsMatch", kDigitLists},
    {"sendDigits", kDigits},
    {"callbackUrl", kUrl},
    {"callbackMethod", kWord, 0, 0, kMethods},
    {"stayAlone", kBoolean},
    {"floorEvent", kBoolean},
    {"relayDTMF", kBoolean},
    {"transcriptionType", kWord, 0, 0, kTranscriptionTypes},
    {"transcriptionUrl", kUrl},
    {"transcriptionMethod", kWord, 0, 0, kMethods},
};

constexpr AttributeRule kMultiPartyCallAttributes[] = {
    {"role", kWordInAnyCase, 0, 0, kRoles},
    {"maxDuration", kInteger, 300, 28'800},
    {"maxParticipants", kInteger, 2, 10},
    {"recordMinMemberCount", kInteger, 1, 2},
    {"waitForAgent", kBoolean},
    {"waitTime", kInteger, 0, 1800},
    {"waitMusicUrl", kUrl},
    {"waitMusicMethod", kWord, 0, 0, kMethods},
    {"agentHoldMusicUrl", kUrl},
    {"agentHoldMusicMethod", kWord, 0, 0, kMethods},
    {"customerHoldMusicUrl", kUrl},
    {"customerHoldMusicMethod", kWord, 0, 0, kMethods},
    {"record", kBoolean},
    {"recordFileFormat", kWord, 0, 0, kFileFormats},
    {"recordingCallbackUrl", kUrl},
    {"recordingCallbackMethod", kWord, 0, 0, kMethods},
    {"recordCoachVoice", kBoolean},
    {"recordParticipantTrack", kBoolean},
    {"transcript", kBoolean},
    {"transcriptionUrl", kUrl},
    {"statusCallbackEvents", kText, 1},
    {"statusCallbackUrl", kUrl},
    {"statusCallbackMethod", kWord, 0, 0, kMethods},
    {"stayAlone", kBoolean},
    {"coachMode", kBoolean},
    {"mute", kBoolean},
    {"hold", kBoolean},
    {"startMpcOnEnter", kBoolean},
    {"endMpcOnExit", kBoolean},
    {"enterSound", kText, 1},
    {"enterSoundMethod", kWord, 0, 0, kMethods},
    {"exitSound", kText, 1},
    {"exitSoundMethod", kWord, 0, 0, kMethods},
    {"onExitActionUrl", kUrl},
    {"onExitActionMethod", kWord, 0, 0, kMethods},
    {"relayDTMFInputs", kBoolean},
    {"startRecordingAudio", kUrl},
    {"startRecordingAudioMethod", kWord, 0, 0, kMethods},
    {"stopRecordingAudio", kUrl},
    {"stopRecordingAudioMethod", kWord, 0, 0, kMethods},
    {"aiAgentStreamServiceUrl", kText, 1},
    {"aiAgentStreamContentType", kText, 1},
    {"aiAgentStreamSamplingRate", kText, 1},
    {"aiAgentStreamStatusCallbackUrl", kUrl},
    {"aiAgentStreamStatusCallbackMethod", kWord, 0, 0, kMethods},
    {"aiAgentStreamExtraHeaders", kText},
};

constexpr AttributeRule kStreamAttributes[] = {
    {"bidirectional", kBoolean},
    {"audioTrack", kWord, 0, 0, kAudioTracks},
    {"streamTimeout", kInteger, 1, kDay},
    {"statusCallbackUrl", kUrl},
    {"statusCallbackMethod", kWord, 0, 0, kMethods},
    {"contentType", kText, 1},
    {"extraHeaders", kText},
    {"keepCallAlive", kBoolean},
    {"noiseCancellation", kBoolean},
    {"noiseCancellationLevel", kInteger, 60, 100},
};

constexpr AttributeRule kMessageAttributes[] = {
    {"src", kText, 1},
    {"dst", kText, 1},
    {"type", kText, 1},
    {"callbackUrl", kUrl},
    {"callbackMethod", kWord, 0, 0, kMethods},
};

// SSML inside Speak, for the voices of Amazon Polly.
constexpr AttributeRule kBreakAttributes[] = {{"strength", kText, 1}, {"time", kText, 1}};
constexpr AttributeRule kEmphasisAttributes[] = {{"level", kText, 1}};
constexpr AttributeRule kLangAttributes[] = {{"xml:lang", kLanguage}};
constexpr AttributeRule kPhonemeAttributes[] = {{"alphabet", kText, 1}, {"ph", kText, 1}};
constexpr AttributeRule kProsodyAttributes[] = {
    {"volume", kText, 1}, {"rate", kText, 1}, {"pitch", kText, 1}};
constexpr AttributeRule kSayAsAttributes[] = {{"interpret-as", kText, 1}, {"format", kText, 1}};
constexpr AttributeRule kSubAttributes[] = {{"alias", kText, 1}};
constexpr AttributeRule kWAttributes[] = {{"role", kText, 1}};

constexpr Word kResponseChildren[] = {"Speak",          "Play",      "Wait",     "Dial",
                                      "Record",         "GetDigits", "GetInput", "PreAnswer",
                                      "Hangup",         "Redirect",  "DTMF",     "Conference",
                                      "MultiPartyCall", "Stream",    "Message"};
constexpr Word kDialChildren[] = {"Number", "User"};
// Plivo's docs and SDKs disagree about Wait inside input elements and about PreAnswer; a document
// of the administrator's may use what either allows.
constexpr Word kInputChildren[] = {"Speak", "Play", "Wait"};
constexpr Word kPreAnswerChildren[] = {"Speak",    "Play",    "Wait", "GetDigits",
                                       "Redirect", "Message", "DTMF"};
constexpr Word kSsml[] = {"break",   "cont", "emphasis", "lang", "p", "phoneme",
                          "prosody", "s",    "say-as",   "sub",  "w"};

constexpr ElementRule kElements[] = {
    {"Response", {}, kResponseChildren},
    {"Speak", kSpeakAttributes, kSsml, true},
    {"Play", kPlayAttributes, {}, true},
    {"Wait", kWaitAttributes, {}},
    {"Hangup", kHangupAttributes, {}},
    {"Redirect", kRedirectAttributes, {}, true},
    {"PreAnswer", {}, kPreAnswerChildren},
    {"DTMF", kDtmfAttributes, {}, true},
    {"Record", kRecordAttributes, {}},
    {"GetDigits", kGetDigitsAttributes, kInputChildren},
    {"GetInput", kGetInputAttributes, kInputChildren},
    {"Dial", kDialAttributes, kDialChildren},
    {"Number", kNumberAttributes, {}, true},
    {"User", kUserAttributes, {}, true},
    {"Conference", kConferenceAttributes, {}, true},
    {"MultiPartyCall", kMultiPartyCallAttributes, {}, true},
    {"Stream", kStreamAttributes, {}, true},
    {"Message", kMessageAttributes, {}, true},
    {"break", kBreakAttributes, {}},
    {"cont", {}, kSsml, true},
    {"emphasis", kEmphasisAttributes, kSsml, true},
    {"lang", kLangAttributes, kSsml, true},
    {"p", {}, kSsml, true},
    {"phoneme", kPhonemeAttributes, kSsml, true},
    {"prosody", kProsodyAttributes, kSsml, true},
    {"s", {}, kSsml, true},
    {"say-as", kSayAsAttributes, kSsml, true},
    {"sub", kSubAttributes, kSsml, true},
    {"w", kWAttributes, kSsml, true},
};

}  // namespace

const ElementRule* find_element_rule(std::string_view name) {
  for (const ElementRule& rule : kElements) {
    if (rule.name == name) return &rule;
  }
  return nullptr;
}

const AttributeRule* find_attribute_rule(const ElementRule& element, std::string_view name) {
  for (const AttributeRule& rule : element.attributes) {
    if (rule.name == name) return &rule;
  }
  return nullptr;
}

std::vector<std::string_view> element_names() {
  std::vector<std::string_view> names;
  names.reserve(std::size(kElements));
  for (const ElementRule& rule : kElements) names.push_back(rule.name);
  return names;
}

std::vector<std::string_view> attribute_names(const ElementRule& element) {
  std::vector<std::string_view> names;
  names.reserve(element.attributes.size());
  for (const AttributeRule& rule : element.attributes) names.push_back(rule.name);
  return names;
}

}  // namespace plivo_dial
