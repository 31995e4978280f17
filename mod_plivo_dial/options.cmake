# Compiler and linker options for our own code. Targets take them by plivo_dial_options(TARGET), so
# that headers of other projects (SYSTEM includes) are not judged by them.

# They are errors for those who work on the project alone: tests/run makes them so, by
# CMAKE_COMPILE_WARNING_AS_ERROR. The next compiler has a warning that this one has not, and whoever
# builds with it wants the module. GCC's -Wconversion says nothing of signs in C++, so clang's doesn't
# either.
set(plivo_dial_warnings -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wformat=2
  "$<$<COMPILE_LANGUAGE:CXX>:-Wno-sign-conversion>")

# Most of a compiler's time goes into headers and their templates, again for each source. So those of
# one directory are compiled as one, and what they define in namespaces without a name must differ;
# and the standard library's headers are read once for all of them. A developer who builds after each
# change is better off without; .ci/nightly builds without it, too, so that no source lives on what
# another one includes.
option(PLIVO_DIAL_UNITY "Compile the sources of a directory as one" ON)

# For a target whose sources are all there.
function(plivo_dial_unite target)
  if(NOT PLIVO_DIAL_UNITY)
    return()
  endif()
  get_target_property(sources ${target} SOURCES)
  get_target_property(directory ${target} SOURCE_DIR)
  foreach(source IN LISTS sources)
    cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${directory} NORMALIZE OUTPUT_VARIABLE path)
    cmake_path(GET path PARENT_PATH parent)
    cmake_path(GET parent FILENAME group)
    set_source_files_properties(${path} TARGET_DIRECTORY ${target} PROPERTIES UNITY_GROUP ${group})
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
endfunction()

# For a target of position-independent code, as the headers are compiled. What sources include over
# and over, and no header of our own, so that a change of one compiles no more than it must.
function(plivo_dial_precompile target)
  if(NOT PLIVO_DIAL_UNITY)
    return()
  endif()
  if(NOT TARGET plivo_dial_standard_headers)
    file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/standard_headers.cc CONTENT "")
    add_library(plivo_dial_standard_headers OBJECT ${PROJECT_BINARY_DIR}/standard_headers.cc)
    plivo_dial_options(plivo_dial_standard_headers)
    target_precompile_headers(plivo_dial_standard_headers PRIVATE <algorithm> <array> <atomic>
      <charconv> <chrono> <condition_variable> <cstdint> <cstdio> <cstdlib> <cstring> <filesystem>
      <functional> <map> <memory> <mutex> <optional> <ranges> <span> <string> <string_view> <thread>
      <unordered_map> <utility> <variant> <vector>)
  endif()
  target_precompile_headers(${target} REUSE_FROM plivo_dial_standard_headers)
  # APR's flags have it, and whoever includes a header must define what it was compiled with.
  foreach(one ${target} plivo_dial_standard_headers)
    target_compile_definitions(${one} PRIVATE _REENTRANT)
  endforeach()
  # In precompiled headers GCC 12 no longer knows which are the system's, and shows its false alarms
  # about std::string.
  target_compile_options(${target} PRIVATE
    "$<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds;-Wno-restrict;-Wno-stringop-overflow;-Wno-stringop-overread>")
endfunction()

# What the sources say of their locks (lib/base/mutex.h) is proved by clang. Unlike a warning, a lock
# that is missing, or taken in the wrong order, is an error whoever builds; what else clang is still
# trying out, which its next version may see otherwise, is a warning like the others.
set(plivo_dial_thread_safety -Werror=thread-safety -Wthread-safety-beta)

function(plivo_dial_options target)
  target_compile_options(${target} PRIVATE ${plivo_dial_warnings} -fstack-protector-strong
    -fstack-clash-protection)
  target_compile_options(${target} PRIVATE
    "$<$<COMPILE_LANG_AND_ID:CXX,Clang,AppleClang>:${plivo_dial_thread_safety}>")
  # httpd's log macros bring __FILE__ into the module, which must not tell where it was built.
  target_compile_options(${target} PRIVATE -fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=)
  # One STB_GNU_UNIQUE symbol would pin the module in memory over httpd's reloads.
  target_compile_options(${target} PRIVATE
    $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CXX_COMPILER_ID:GNU>>:-fno-gnu-unique>)
  target_link_options(${target} PRIVATE -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
  # A distribution that fortifies its packages says how far, and goes further than this does.
  if(NOT CMAKE_BUILD_TYPE STREQUAL "Debug" AND NOT PLIVO_DIAL_SANITIZE
      AND NOT "${CMAKE_C_FLAGS} ${CMAKE_CXX_FLAGS}" MATCHES "_FORTIFY_SOURCE")
    target_compile_options(${target} PRIVATE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
  endif()
  if(PLIVO_DIAL_SANITIZE)
    # GCC's instrumentation makes it see uninitialised members inside <regex> and <functional>.
    target_compile_options(${target} PRIVATE
      $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CXX_COMPILER_ID:GNU>>:-Wno-maybe-uninitialized>)
    # What a pointer to a class points to is looked at through a pipe, which there is none of where a
    # test has taken all descriptors.
    target_compile_options(${target} PRIVATE -fsanitize=${PLIVO_DIAL_SANITIZE} -fno-sanitize=vptr
      -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(${target} PRIVATE -fsanitize=${PLIVO_DIAL_SANITIZE})
  endif()
  if(PLIVO_DIAL_COVERAGE)
    target_compile_options(${target} PRIVATE --coverage)
    target_link_options(${target} PRIVATE --coverage)
  endif()
endfunction()

# For a target of what runs once in a program, or waits for a person: making std::string and its kin
# fast there takes half of the compiler's time and nobody would notice.
function(plivo_dial_compile_fast target)
  target_compile_options(${target} PRIVATE $<$<NOT:$<CONFIG:Debug>>:-O1>)
endfunction()
