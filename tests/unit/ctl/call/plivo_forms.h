// File: tests/unit/ctl/call/plivo_forms.h
//
// Requests as Plivo sends them, in wire form: the observed order (names sorted by byte), '+' for
// space, empty values kept. Names and numbers are made up; the account's clock runs in UTC.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace plivo_dial::ctl::forms {

// A: answer. D: action of Dial. E: callbackUrl of Dial. R: ring. H: hangup. V: input and recording.
inline constexpr std::string_view kA1 =
    "BillRate=0.0085&CallStatus=ringing&CallUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&"
    "CallerName=%2B14155550100&Direction=inbound&Event=StartApp&From=14155550100&"
    "ParentAuthID=MAXXXXXXXXXXXXXXXXXX&STIRAttestation=Not+Applicable&"
    "STIRVerification=Verified&SessionStart=2026-11-20+09%3A15%3A02.184467&To=14155550199";

inline constexpr std::string_view kA3 =
    "ALegRequestUUID=6b0f4c1e-93d7-4a28-b5e1-0c7a9d2f8e46&"
    "ALegUUID=6b0f4c1e-93d7-4a28-b5e1-0c7a9d2f8e46&BillRate=0.005&CallStatus=in-progress&"
    "CallUUID=6b0f4c1e-93d7-4a28-b5e1-0c7a9d2f8e46&CountryCode=IN&Direction=outbound&"
    "Event=StartApp&From=918030000100&ParentAuthID=MAXXXXXXXXXXXXXXXXXX&"
    "RequestUUID=6b0f4c1e-93d7-4a28-b5e1-0c7a9d2f8e46&RouteType=Domestic_Anchored&"
    "STIRAttestation=Not+Applicable&STIRVerification=Not+Applicable&"
    "SessionStart=2026-11-20+14%3A13%3A37.779297&To=919999900123";

inline constexpr std::string_view kA4 =
    "ALegRequestUUID=5a0e77b2-1c4d-4f83-a6b9-7d21e0c8f354&"
    "ALegUUID=5a0e77b2-1c4d-4f83-a6b9-7d21e0c8f354&BillRate=0.00300&CallStatus=in-progress&"
    "CallUUID=5a0e77b2-1c4d-4f83-a6b9-7d21e0c8f354&Direction=outbound&Event=StartApp&"
    "From=14155550199&ParentAuthID=MAXXXXXXXXXXXXXXXXXX&"
    "RequestUUID=5a0e77b2-1c4d-4f83-a6b9-7d21e0c8f354&"
    "SIP-H-To=%3Csip%3Aalice1234%40phone.plivo.com%3E%3Btag%3D6U9J4.uVHI7KyE&"
    "STIRAttestation=Not+Applicable&STIRVerification=Not+Applicable&"
    "SessionStart=2026-11-20+10%3A01%3A07.550021&To=sip%3Aalice1234%40phone.plivo.com&"
    "X-PH-Test=Sample";

inline constexpr std::string_view kD1 =
    "BillRate=0.0085&CallStatus=in-progress&CallUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&"
    "CallerName=%2B14155550100&DialALegUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&"
    "DialBLegUUID=8e41c6aa-2b9f-4f37-b8d3-5d7c90e4a612&DialHangupCause=NORMAL_CLEARING&"
    "DialRingStatus=true&DialStatus=completed&Direction=inbound&Event=Redirect&"
    "From=14155550100&ParentAuthID=MAXXXXXXXXXXXXXXXXXX&STIRAttestation=Not+Applicable&"
    "STIRVerification=Verified&SessionStart=2026-11-20+09%3A15%3A02.184467&To=14155550199";

inline constexpr std::string_view kD2 =
    "BillRate=0.0085&CallStatus=ringing&CallUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&"
    "CallerName=%2B14155550100&DialALegUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&"
    "DialBLegUUID=&DialHangupCause=NO_ANSWER&DialRingStatus=true&DialStatus=no-answer&"
    "Direction=inbound&Event=Redirect&From=14155550100&ParentAuthID=MAXXXXXXXXXXXXXXXXXX&"
    "STIRAttestation=Not+Applicable&STIRVerification=Verified&"
    "SessionStart=2026-11-20+09%3A15%3A02.184467&To=14155550199";

inline constexpr std::string_view kD3 =
    "BillRate=0.0085&CallStatus=ringing&CallUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&"
    "CallerName=%2B14155550100&DialALegUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&"
    "DialBLegUUID=&DialHangupCause=USER_BUSY&DialRingStatus=false&DialStatus=busy&"
    "Direction=inbound&Event=Redirect&From=14155550100&ParentAuthID=MAXXXXXXXXXXXXXXXXXX&"
    "STIRAttestation=Not+Applicable&STIRVerification=Verified&"
    "SessionStart=2026-11-20+09%3A15%3A02.184467&To=14155550199";

inline constexpr std::string_view kD4 =
    "BillDuration=0&BillRate=0.0085&CallStatus=completed&"
    "CallUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&CallerName=%2B14155550100&"
    "DialALegUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&DialBLegUUID=&"
    "DialHangupCause=ORIGINATOR_CANCEL&DialRingStatus=true&DialStatus=cancel&"
    "Direction=inbound&Duration=0&Event=Redirect&From=14155550100&"
    "HangupCause=ORIGINATOR_CANCEL&ParentAuthID=MAXXXXXXXXXXXXXXXXXX&"
    "STIRAttestation=Not+Applicable&STIRVerification=Verified&"
    "SessionStart=2026-11-20+09%3A15%3A02.184467&To=14155550199&TotalCost=0.00000";

inline constexpr std::string_view kD5 =
    "BillRate=0.0085&CallStatus=ringing&CallUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&"
    "CallerName=%2B14155550100&DialALegUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&"
    "DialBLegUUID=&DialHangupCause=CALL_REJECTED&DialRingStatus=false&DialStatus=failed&"
    "Direction=inbound&Event=Redirect&From=14155550100&ParentAuthID=MAXXXXXXXXXXXXXXXXXX&"
    "STIRAttestation=Not+Applicable&STIRVerification=Verified&"
    "SessionStart=2026-11-20+09%3A15%3A02.184467&To=14155550199";

inline constexpr std::string_view kD6 =
    "BillRate=0.0085&CallStatus=ringing&CallUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&"
    "CallerName=%2B14155550100&DialALegUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&"
    "DialBLegUUID=&DialHangupCause=RECOVERY_ON_TIMER_EXPIRE&DialRingStatus=false&"
    "DialStatus=timeout&Direction=inbound&Event=Redirect&From=14155550100&"
    "ParentAuthID=MAXXXXXXXXXXXXXXXXXX&STIRAttestation=Not+Applicable&"
    "STIRVerification=Verified&SessionStart=2026-11-20+09%3A15%3A02.184467&To=14155550199";

inline constexpr std::string_view kD7 =
    "BillRate=0.0085&CallStatus=in-progress&CallUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&"
    "CallerName=%2B14155550100&DialALegUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&"
    "DialBLegUUID=8e41c6aa-2b9f-4f37-b8d3-5d7c90e4a612&DialHangupCause=NORMAL_CLEARING&"
    "DialRingStatus=true&DialStatus=completed&Direction=inbound&Event=Redirect&"
    "From=14155550100&ParentAuthID=MAXXXXXXXXXXXXXXXXXX&STIRAttestation=Not+Applicable&"
    "STIRVerification=Verified&SessionStart=2026-11-20+09%3A15%3A02.184467&To=14155550199&"
    "step=2";

inline constexpr std::string_view kD8 =
    "BillRate=0.0085&CallStatus=ringing&CallUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&"
    "CallerName=%2B14155550100&DialALegUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&"
    "DialBLegUUID=&DialHangupCause=sip_auth_failed&DialRingStatus=false&DialStatus=failed&"
    "Direction=inbound&Event=Redirect&From=14155550100&ParentAuthID=MAXXXXXXXXXXXXXXXXXX&"
    "STIRAttestation=Not+Applicable&STIRVerification=Verified&"
    "SessionStart=2026-11-20+09%3A15%3A02.184467&To=14155550199";

inline constexpr std::string_view kE1 =
    "CallUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&"
    "DialALegUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&DialAction=answer&"
    "DialBLegBillRate=0.01781&DialBLegFrom=%2B14155550199&DialBLegPosition=1&"
    "DialBLegStatus=answer&DialBLegTo=14155550123&"
    "DialBLegUUID=8e41c6aa-2b9f-4f37-b8d3-5d7c90e4a612&Event=DialAnswer";

inline constexpr std::string_view kE2 =
    "CallUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&"
    "DialALegUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&DialAction=connected&"
    "DialBLegBillRate=0.01781&DialBLegFrom=%2B14155550199&DialBLegPosition=1&"
    "DialBLegStatus=connected&DialBLegTo=14155550123&"
    "DialBLegUUID=8e41c6aa-2b9f-4f37-b8d3-5d7c90e4a612&Event=DialConnected";

inline constexpr std::string_view kE3 =
    "CallUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&"
    "DialALegUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&DialAction=digits&"
    "DialBLegBillRate=0.01781&DialBLegFrom=%2B14155550199&DialBLegPosition=1&"
    "DialBLegTo=14155550123&DialBLegUUID=8e41c6aa-2b9f-4f37-b8d3-5d7c90e4a612&"
    "DialDigitsMatch=%2A9&DialDigitsPressedBy=aleg&Event=DialDigitsMatch";

inline constexpr std::string_view kE4 =
    "CallUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&"
    "DialALegUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&DialAction=digits&"
    "DialBLegBillRate=0.01781&DialBLegFrom=%2B14155550199&DialBLegPosition=1&"
    "DialBLegTo=14155550123&DialBLegUUID=8e41c6aa-2b9f-4f37-b8d3-5d7c90e4a612&"
    "DialDigitsMatch=456&DialDigitsPressedBy=bleg&Event=DialDigitsMatch";

inline constexpr std::string_view kE5 =
    "AnswerTime=2026-11-20+09%3A15%3A21&CallUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&"
    "DialALegUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&DialAction=hangup&"
    "DialBLegBillDuration=60&DialBLegBillRate=0.01781&DialBLegDuration=37&"
    "DialBLegFrom=%2B14155550199&DialBLegHangupCause=NORMAL_CLEARING&"
    "DialBLegHangupCauseCode=4000&DialBLegHangupCauseName=Normal+Hangup&"
    "DialBLegHangupSource=Callee&DialBLegPosition=1&DialBLegStatus=hangup&"
    "DialBLegTo=14155550123&DialBLegTotalCost=0.01781&"
    "DialBLegUUID=8e41c6aa-2b9f-4f37-b8d3-5d7c90e4a612&EndTime=2026-11-20+09%3A15%3A58&"
    "Event=DialHangup&StartTime=2026-11-20+09%3A15%3A09";

inline constexpr std::string_view kE6 =
    "CallUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&"
    "DialALegUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&DialAction=hangup&"
    "DialBLegBillDuration=0&DialBLegBillRate=0.01781&DialBLegDuration=0&"
    "DialBLegFrom=%2B14155550199&DialBLegHangupCause=NO_ANSWER&"
    "DialBLegHangupCauseCode=6010&DialBLegHangupCauseName=Ring+Timeout+Reached&"
    "DialBLegHangupSource=Plivo&DialBLegPosition=1&DialBLegStatus=hangup&"
    "DialBLegTo=14155550123&DialBLegTotalCost=0.00000&"
    "DialBLegUUID=8e41c6aa-2b9f-4f37-b8d3-5d7c90e4a612&EndTime=2026-11-20+09%3A15%3A34&"
    "Event=DialHangup&StartTime=2026-11-20+09%3A15%3A09";

inline constexpr std::string_view kE7 =
    "CallUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&"
    "DialALegUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&DialAction=hangup&"
    "DialBLegBillDuration=0&DialBLegBillRate=0.01781&DialBLegDuration=0&"
    "DialBLegFrom=%2B14155550199&DialBLegHangupCause=LOSE_RACE&"
    "DialBLegHangupCauseCode=9000&DialBLegHangupCauseName=Lost+Race&"
    "DialBLegHangupSource=Plivo&DialBLegPosition=2&DialBLegStatus=hangup&"
    "DialBLegTo=14155550124&DialBLegTotalCost=0.00000&"
    "DialBLegUUID=1f6d0b73-94ce-4a58-8a2e-c07b35d9e844&EndTime=2026-11-20+09%3A15%3A21&"
    "Event=DialHangup&StartTime=2026-11-20+09%3A15%3A09";

inline constexpr std::string_view kE8 =
    "AnswerTime=2026-11-20+09%3A15%3A21&CallUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&"
    "DialALegUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&DialAction=hangup&"
    "DialBLegBillDuration=60&DialBLegBillRate=0.01781&DialBLegDuration=12&"
    "DialBLegFrom=%2B14155550199&DialBLegHangupCause=NORMAL_CLEARING&"
    "DialBLegHangupCauseCode=9110&DialBLegHangupCauseName=Confirm+Key+Challenge+Failed&"
    "DialBLegHangupSource=Plivo&DialBLegPosition=1&DialBLegStatus=hangup&"
    "DialBLegTo=14155550123&DialBLegTotalCost=0.01781&"
    "DialBLegUUID=8e41c6aa-2b9f-4f37-b8d3-5d7c90e4a612&EndTime=2026-11-20+09%3A15%3A33&"
    "Event=DialHangup&StartTime=2026-11-20+09%3A15%3A09";

inline constexpr std::string_view kE9 =
    "CallUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&"
    "DialALegUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&DialAction=hangup&"
    "DialBLegBillDuration=0&DialBLegBillRate=0.01781&DialBLegDuration=0&"
    "DialBLegFrom=%2B14155550199&DialBLegHangupCause=USER_BUSY&"
    "DialBLegHangupCauseCode=3010&DialBLegHangupCauseName=Busy+Line&"
    "DialBLegHangupSource=Carrier&DialBLegPosition=1&DialBLegStatus=hangup&"
    "DialBLegTo=14155550123&DialBLegTotalCost=0.00000&"
    "DialBLegUUID=8e41c6aa-2b9f-4f37-b8d3-5d7c90e4a612&EndTime=2026-11-20+09%3A15%3A12&"
    "Event=DialHangup&StartTime=2026-11-20+09%3A15%3A09";

inline constexpr std::string_view kR1 =
    "ALegRequestUUID=6b0f4c1e-93d7-4a28-b5e1-0c7a9d2f8e46&CallStatus=ringing&"
    "CallUUID=6b0f4c1e-93d7-4a28-b5e1-0c7a9d2f8e46&Direction=outbound&Event=Ring&"
    "From=14155550199&ParentAuthID=MAXXXXXXXXXXXXXXXXXX&"
    "RequestUUID=6b0f4c1e-93d7-4a28-b5e1-0c7a9d2f8e46&STIRAttestation=Not+Applicable&"
    "SessionStart=2026-11-20+14%3A12%3A59.101122&To=14155550123";

inline constexpr std::string_view kH1 =
    "AnswerTime=2026-11-20+09%3A15%3A05&BillDuration=60&BillRate=0.0085&"
    "CallStatus=completed&CallUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&"
    "CallerName=%2B14155550100&Direction=inbound&Duration=54&"
    "EndTime=2026-11-20+09%3A15%3A59&Event=Hangup&From=14155550100&"
    "HangupCause=NORMAL_CLEARING&HangupCauseCode=4000&HangupCauseName=Normal+Hangup&"
    "HangupSource=Caller&ParentAuthID=MAXXXXXXXXXXXXXXXXXX&STIRAttestation=Not+Applicable&"
    "STIRVerification=Verified&SessionStart=2026-11-20+09%3A15%3A02.184467&"
    "StartTime=2026-11-20+09%3A15%3A02&To=14155550199&TotalCost=0.00850";

inline constexpr std::string_view kH2 =
    "ALegRequestUUID=6b0f4c1e-93d7-4a28-b5e1-0c7a9d2f8e46&"
    "ALegUUID=6b0f4c1e-93d7-4a28-b5e1-0c7a9d2f8e46&AnswerTime=2026-11-20+19%3A43%3A36&"
    "BillDuration=120&BillRate=0.005&CallStatus=completed&"
    "CallUUID=6b0f4c1e-93d7-4a28-b5e1-0c7a9d2f8e46&CountryCode=IN&Direction=outbound&"
    "Duration=66&EndTime=2026-11-20+19%3A44%3A41&Event=Hangup&From=918030000100&"
    "HangupCause=NORMAL_CLEARING&HangupCauseCode=4000&HangupCauseName=Normal+Hangup&"
    "HangupSource=Callee&ParentAuthID=MAXXXXXXXXXXXXXXXXXX&"
    "RequestUUID=6b0f4c1e-93d7-4a28-b5e1-0c7a9d2f8e46&RouteType=Domestic_Anchored&"
    "STIRAttestation=Not+Applicable&STIRVerification=Not+Applicable&"
    "SessionStart=2026-11-20+14%3A13%3A37.779297&StartTime=2026-11-20+19%3A43%3A27&"
    "To=919999900123&TotalCost=0.01000";

inline constexpr std::string_view kH3 =
    "BillDuration=0&BillRate=0.0085&CallStatus=completed&"
    "CallUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&CallerName=%2B14155550100&"
    "Direction=inbound&Duration=0&EndTime=2026-11-20+09%3A15%3A42&Event=Hangup&"
    "From=14155550100&HangupCause=NORMAL_CLEARING&HangupCauseCode=7011&"
    "HangupCauseName=Error+Reaching+Answer+URL&HangupSource=Error&"
    "ParentAuthID=MAXXXXXXXXXXXXXXXXXX&STIRAttestation=Not+Applicable&"
    "STIRVerification=Verified&SessionStart=2026-11-20+09%3A15%3A02.184467&"
    "StartTime=2026-11-20+09%3A15%3A02&To=14155550199&TotalCost=0.00000";

inline constexpr std::string_view kH4 =
    "ALegRequestUUID=6b0f4c1e-93d7-4a28-b5e1-0c7a9d2f8e46&"
    "ALegUUID=6b0f4c1e-93d7-4a28-b5e1-0c7a9d2f8e46&BillDuration=0&BillRate=0.005&"
    "CallStatus=busy&CallUUID=6b0f4c1e-93d7-4a28-b5e1-0c7a9d2f8e46&CountryCode=IN&"
    "Direction=outbound&Duration=0&EndTime=2026-11-20+19%3A43%3A33&Event=Hangup&"
    "From=918030000100&HangupCause=USER_BUSY&HangupCauseCode=3010&"
    "HangupCauseName=Busy+Line&HangupSource=Carrier&ParentAuthID=MAXXXXXXXXXXXXXXXXXX&"
    "RequestUUID=6b0f4c1e-93d7-4a28-b5e1-0c7a9d2f8e46&RouteType=Domestic_Anchored&"
    "STIRAttestation=Not+Applicable&STIRVerification=Not+Applicable&"
    "SessionStart=2026-11-20+14%3A13%3A37.779297&StartTime=2026-11-20+19%3A43%3A27&"
    "To=919999900123&TotalCost=0.00000";

inline constexpr std::string_view kH5 =
    "ALegRequestUUID=6b0f4c1e-93d7-4a28-b5e1-0c7a9d2f8e46&"
    "ALegUUID=6b0f4c1e-93d7-4a28-b5e1-0c7a9d2f8e46&BillDuration=0&BillRate=0.005&"
    "CallStatus=no-answer&CallUUID=6b0f4c1e-93d7-4a28-b5e1-0c7a9d2f8e46&CountryCode=IN&"
    "Direction=outbound&Duration=0&EndTime=2026-11-20+19%3A45%3A27&Event=Hangup&"
    "From=918030000100&HangupCause=NO_ANSWER&HangupCauseCode=6010&"
    "HangupCauseName=Ring+Timeout+Reached&HangupSource=Plivo&"
    "ParentAuthID=MAXXXXXXXXXXXXXXXXXX&RequestUUID=6b0f4c1e-93d7-4a28-b5e1-0c7a9d2f8e46&"
    "RouteType=Domestic_Anchored&STIRAttestation=Not+Applicable&"
    "STIRVerification=Not+Applicable&SessionStart=2026-11-20+14%3A13%3A37.779297&"
    "StartTime=2026-11-20+19%3A43%3A27&To=919999900123&TotalCost=0.00000";

inline constexpr std::string_view kH6 =
    "AnswerTime=2026-11-20+09%3A15%3A05&BillDuration=60&BillRate=0.0085&"
    "CallStatus=completed&CallUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&"
    "CallerName=%2B14155550100&Direction=inbound&Duration=11&"
    "EndTime=2026-11-20+09%3A15%3A16&Event=Hangup&From=14155550100&"
    "HangupCause=NORMAL_CLEARING&HangupCauseCode=4010&"
    "HangupCauseName=End+Of+XML+Instructions&HangupSource=Plivo&"
    "ParentAuthID=MAXXXXXXXXXXXXXXXXXX&STIRAttestation=Not+Applicable&"
    "STIRVerification=Verified&SessionStart=2026-11-20+09%3A15%3A02.184467&"
    "StartTime=2026-11-20+09%3A15%3A02&To=14155550199&TotalCost=0.00850";

inline constexpr std::string_view kH7 =
    "BillDuration=0&BillRate=0.0085&CallStatus=completed&"
    "CallUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&CallerName=%2B14155550100&"
    "Direction=inbound&Duration=0&EndTime=2026-11-20+09%3A15%3A02&Event=Hangup&"
    "From=14155550100&HangupCause=CALL_REJECTED&HangupCauseCode=3020&"
    "HangupCauseName=Rejected&HangupSource=Answer+XML&ParentAuthID=MAXXXXXXXXXXXXXXXXXX&"
    "STIRAttestation=Not+Applicable&STIRVerification=Verified&"
    "SessionStart=2026-11-20+09%3A15%3A02.184467&StartTime=2026-11-20+09%3A15%3A02&"
    "To=14155550199&TotalCost=0.00000";

inline constexpr std::string_view kV1 =
    "BillRate=0.0085&CallStatus=in-progress&CallUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&"
    "CallerName=%2B14155550100&Digits=1&Direction=inbound&From=14155550100&"
    "ParentAuthID=MAXXXXXXXXXXXXXXXXXX&STIRAttestation=Not+Applicable&"
    "STIRVerification=Verified&SessionStart=2026-11-20+09%3A15%3A02.184467&To=14155550199";

inline constexpr std::string_view kV3 =
    "BillRate=0.0085&CallStatus=in-progress&CallUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&"
    "CallerName=%2B14155550100&Digits=%23&Direction=inbound&From=14155550100&"
    "ParentAuthID=MAXXXXXXXXXXXXXXXXXX&"
    "RecordUrl=https%3A%2F%2Fmedia.plivo.com%2Fv1%2FAccount%2FMAXXXXXXXXXXXXXXXXXX%2FRecording%"
    "2F9b1c2d3e-4f50-4a61-8b72-93c4d5e6f708.mp3&"
    "RecordingDuration=17&RecordingDurationMs=17340&RecordingEndMs=1795146359340&"
    "RecordingID=9b1c2d3e-4f50-4a61-8b72-93c4d5e6f708&RecordingStartMs=1795146342000&"
    "STIRAttestation=Not+Applicable&STIRVerification=Verified&"
    "SessionStart=2026-11-20+09%3A15%3A02.184467&To=14155550199";

inline constexpr std::string_view kV4 =
    "BillRate=0.0085&CallStatus=in-progress&CallUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&"
    "CallerName=%2B14155550100&Direction=inbound&From=14155550100&"
    "ParentAuthID=MAXXXXXXXXXXXXXXXXXX&"
    "RecordUrl=https%3A%2F%2Fmedia.plivo.com%2Fv1%2FAccount%2FMAXXXXXXXXXXXXXXXXXX%2FRecording%"
    "2F9b1c2d3e-4f50-4a61-8b72-93c4d5e6f708.mp3&"
    "RecordingDuration=-1&RecordingDurationMs=-1&RecordingEndMs=-1&"
    "RecordingID=9b1c2d3e-4f50-4a61-8b72-93c4d5e6f708&RecordingStartMs=-1&"
    "STIRAttestation=Not+Applicable&STIRVerification=Verified&"
    "SessionStart=2026-11-20+09%3A15%3A02.184467&To=14155550199";

inline constexpr std::string_view kV5 =
    "CallUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&"
    "RecordUrl=https%3A%2F%2Fmedia.plivo.com%2Fv1%2FAccount%2FMAXXXXXXXXXXXXXXXXXX%2FRecording%"
    "2F9b1c2d3e-4f50-4a61-8b72-93c4d5e6f708.mp3&"
    "RecordingDuration=17&RecordingDurationMs=17340&RecordingEndMs=1795146359340&"
    "RecordingID=9b1c2d3e-4f50-4a61-8b72-93c4d5e6f708&RecordingStartMs=1795146342000";

}  // namespace plivo_dial::ctl::forms
