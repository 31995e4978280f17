// File: lib/log/log_id.h
//
// The ids of all lines that the module and the dispatcher write into httpd's error log, in the
// order and the groups of plivo-messages(7), which has each with its remedy. An administrator
// searches and counts by them: one that was given is never given another meaning.
//
//   ap_log_error(APLOG_MARK, APLOG_ERR, 0, server, "%s: %s", log_id::kDispatcherEnded, text)
//   has_log_id("PD0104: warning: ...", log_id::kConfigWarning)   -> true
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace plivo_dial {

// Texts that end with a NUL, as httpd's formats want them: who compares two makes a string_view of
// one.
namespace log_id {
// Configuration and methods.
inline constexpr const char* kMethod = "PD0101";            // the method is not served
inline constexpr const char* kConfigError = "PD0102";       // httpd does not start or reload
inline constexpr const char* kEnvironmentError = "PD0103";  // the machine does not fit
inline constexpr const char* kConfigWarning = "PD0104";     // httpd starts all the same
inline constexpr const char* kTwinLocations = "PD0105";     // two virtual hosts for one URL
inline constexpr const char* kUnjudged = "PD0106";          // only who starts httpd can judge it
// Signatures and secrets.
inline constexpr const char* kNoSignature = "PD0201";          // no header of one
inline constexpr const char* kNonce = "PD0202";                // missing or malformed
inline constexpr const char* kMismatch = "PD0203";             // the reason is not known
inline constexpr const char* kSignatureHeader = "PD0204";      // malformed
inline constexpr const char* kOtherVersion = "PD0205";         // a signature of V2 or V1 alone
inline constexpr const char* kOtherUrl = "PD0206";             // signed for another URL
inline constexpr const char* kOtherAccount = "PD0207";         // signed by another account
inline constexpr const char* kBodyChanged = "PD0208";          // or the query, on its way
inline constexpr const char* kEventSecret = "PD0209";          // a flow's is missing or wrong
inline constexpr const char* kNothingToVerifyWith = "PD0210";  // no token, or no public URL
inline constexpr const char* kOtherSite = "PD0211";     // the request of another virtual host
inline constexpr const char* kRequestKept = "PD0212";   // a refused one, for plivo-dialctl verify
inline constexpr const char* kLinesLeftOut = "PD0290";  // about refused requests
// Plans and documents.
inline constexpr const char* kNoDocument = "PD0301";    // the caller gets the fallback
inline constexpr const char* kNoPlan = "PD0302";        // the same
inline constexpr const char* kDocumentFile = "PD0303";  // the one before is served
inline constexpr const char* kTables = "PD0304";        // the ones before are used
inline constexpr const char* kNoHours = "PD0305";       // a schedule is taken as open
// Requests.
inline constexpr const char* kBodySize = "PD0401";             // too large
inline constexpr const char* kContentType = "PD0402";          // not served
inline constexpr const char* kContentEncoding = "PD0403";      // the body is encoded
inline constexpr const char* kCaps = "PD0404";                 // too many or too large parameters
inline constexpr const char* kEscapes = "PD0405";              // a broken escape or a NUL byte
inline constexpr const char* kNotUtf8 = "PD0406";              // a parameter
inline constexpr const char* kRepeatedParameter = "PD0407";    // the event has all its values
inline constexpr const char* kCallUuid = "PD0408";             // missing or malformed
inline constexpr const char* kBodyFormat = "PD0409";           // malformed
inline constexpr const char* kNoNumber = "PD0410";             // where one belongs
inline constexpr const char* kBodyIncomplete = "PD0412";       // the connection broke or stalled
inline constexpr const char* kUnknownReport = "PD0413";        // its event is "other"
inline constexpr const char* kUnknownDialResult = "PD0414";    // a word of Plivo's
inline constexpr const char* kCompletedUnanswered = "PD0415";  // a dial
inline constexpr const char* kUnknownCallEvent = "PD0416";     // where calls begin
inline constexpr const char* kAlmostPlivosName = "PD0417";     // in the event of a flow
// Spool and store.
inline constexpr const char* kHarmedSegment = "PD0501";       // bytes that are no frame
inline constexpr const char* kRefusedSegment = "PD0502";      // a file that is no segment of ours
inline constexpr const char* kUnreadableSpool = "PD0503";     // a file or directory fails
inline constexpr const char* kQuarantineFailed = "PD0504";    // harmed bytes were not kept
inline constexpr const char* kNotRecorded = "PD0505";         // the store takes no change
inline constexpr const char* kNoEvent = "PD0506";             // a frame without an event
inline constexpr const char* kHarmedState = "PD0507";         // what delivery remembered
inline constexpr const char* kSegmentGone = "PD0508";         // removed before it ended
inline constexpr const char* kEventNotStored = "PD0511";      // refused, or a line with kEventInLog
inline constexpr const char* kEventInLog = "PD0512";          // the event, where a caller's is lost
inline constexpr const char* kProcessCannotStore = "PD0513";  // the trial of a serving process
inline constexpr const char* kNoStatusFile = "PD0514";        // nobody can tell what is refused
inline constexpr const char* kDuplicate = "PD0521";           // an event came a second time
inline constexpr const char* kStoreHarmed = "PD0522";         // moved aside, removed or replaced
inline constexpr const char* kStoreRemade = "PD0523";         // from the spool's segments
inline constexpr const char* kStoreLocked = "PD0524";         // by another program, for 5 s
inline constexpr const char* kSpaceIsLow = "PD0525";          // events stay in the segments
inline constexpr const char* kSpaceIsBack = "PD0526";
inline constexpr const char* kFlowDuplicate = "PD0527";  // as kDuplicate, of a flow
// Dispatcher and sinks.
inline constexpr const char* kClockSet = "PD0528";        // the wall clock has jumped
inline constexpr const char* kStoreTakenOver = "PD0529";  // that of a version before
inline constexpr const char* kStarted = "PD0601";         // the dispatcher serves the spool
inline constexpr const char* kEnded = "PD0602";           // it ends
inline constexpr const char* kSecondInstance = "PD0603";  // another one serves the spool
inline constexpr const char* kCannotStart = "PD0604";     // it ended before it began
inline constexpr const char* kConfigured = "PD0605";      // a new configuration
inline constexpr const char* kConfigRefused = "PD0606";   // it goes on with what it had
inline constexpr const char* kSpoolChanged = "PD0607";    // a reload with another PlivoSpool
inline constexpr const char* kWaitsForConfig = "PD0608";  // that httpd writes
inline constexpr const char* kForgotten = "PD0609";       // httpd reloaded without the module
inline constexpr const char* kSpoolLost = "PD0610";       // its directory or lock is another
inline constexpr const char* kSyslogWaits = "PD0611";     // the daemon takes no lines
inline constexpr const char* kSyslogBack = "PD0612";
inline constexpr const char* kTablesMade = "PD0613";     // of schedules and maps that changed
inline constexpr const char* kTablesRefused = "PD0614";  // a file has faults; those before stay
inline constexpr const char* kFileFailed = "PD0621";     // can't be written
inline constexpr const char* kFileBack = "PD0622";
inline constexpr const char* kFileShrank = "PD0623";       // lines may be lost
inline constexpr const char* kFileReplaced = "PD0624";     // or removed: the same
inline constexpr const char* kLinesComeAgain = "PD0625";   // those that were written last
inline constexpr const char* kHookFailed = "PD0631";       // comes again by the schedule
inline constexpr const char* kHookTimedOut = "PD0632";     // the same
inline constexpr const char* kHookRefused = "PD0633";      // exit 65 or 100: a dead letter
inline constexpr const char* kHookOutput = "PD0634";       // what a run printed
inline constexpr const char* kHookInterrupted = "PD0635";  // by the dispatcher's end
inline constexpr const char* kHookWaits = "PD0636";        // the system starts no program now
inline constexpr const char* kHookLimits = "PD0637";       // a limit could not be set
inline constexpr const char* kStreamNotReady = "PD0638";   // events wait for the program
inline constexpr const char* kStreamEnded = "PD0639";      // by itself, between two events
inline constexpr const char* kStreamBack = "PD0640";       // it is ready again
inline constexpr const char* kDispatcherDown = "PD0641";   // events wait in the spool
inline constexpr const char* kDispatcherEnded = "PD0642";  // by itself, and is started again
inline constexpr const char* kDispatcherBack = "PD0643";   // it serves again
inline constexpr const char* kDispatcherHangs = "PD0644";  // and is killed
inline constexpr const char* kDispatcherFile = "PD0645";   // can't be written, for External
inline constexpr const char* kDeadLetter = "PD0651";       // tried for too long
inline constexpr const char* kSinkGone = "PD0652";         // its events are dead letters now
inline constexpr const char* kSinkFails = "PD0653";        // for every event: it gets a rest
inline constexpr const char* kSinkWorks = "PD0654";        // again
inline constexpr const char* kShortened = "PD0655";        // a line has not the whole event
inline constexpr const char* kSinkHangs = "PD0656";        // in the kernel: its events wait
inline constexpr const char* kSinkCameBack = "PD0657";
// Faults.
inline constexpr const char* kInternalFailure = "PD0901";  // memory, or a fault of ours
}  // namespace log_id

// Whether `line` begins with `id` and the colon behind it.
constexpr bool has_log_id(std::string_view line, std::string_view id) {
  return line.starts_with(id) && line.substr(id.size()).starts_with(": ");
}

}  // namespace plivo_dial
