# What cmake/components.cmake makes of its switches and of what is found, as a script: what looks for
# libraries and links them is replaced.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/../../cmake/components.cmake)

function(find_package name)
  set(${name}_FOUND ${found} PARENT_SCOPE)
endfunction()
function(pkg_check_modules name)
  set(${name}_FOUND ${found} PARENT_SCOPE)
endfunction()
function(target_link_libraries)
  set_property(GLOBAL APPEND PROPERTY linked ${ARGN})
endfunction()

function(expect in name)
  impasto_component(${name} DOES "testing ${name}" TAKES "two libraries" PACKAGES one-dev two-dev
                    FIND One COMPONENTS CXX LINK One::one MODULES two>=1)
  string(TOUPPER IMPASTO_WITH_${name} with)
  if(NOT ${with} STREQUAL in)
    message(FATAL_ERROR "${name}: expected ${in}, found '${${with}}'")
  endif()
endfunction()
function(expect_property name text)
  get_property(value GLOBAL PROPERTY ${name})
  if(NOT "${value}" STREQUAL "${text}")
    message(FATAL_ERROR "${name}: expected '${text}', found '${value}'")
  endif()
endfunction()

if(lost)  # run by the last test below
  set(found FALSE)
  set(IMPASTO_LOST ON)
  expect(TRUE lost)
endif()

set(found FALSE)
expect(FALSE absent)
set(found TRUE)
set(IMPASTO_REFUSED OFF)
expect(FALSE refused)
expect_property(linked "")
expect(TRUE here)
set(IMPASTO_WANTED ON)
set(IMPASTO_COMPONENTS OFF)
expect(TRUE wanted)
expect(FALSE left)

set(linked "impasto;PRIVATE;One::one;PkgConfig::IMPASTO_")
expect_property(linked "${linked}HERE;${linked}WANTED")
set(words "\"two libraries\", \"one-dev two-dev\"")
expect_property(impasto_component_table "    {\"absent\", \"testing absent\", ${words}, false},
    {\"refused\", \"testing refused\", ${words}, false},
    {\"here\", \"testing here\", ${words}, true},
    {\"wanted\", \"testing wanted\", ${words}, true},
    {\"left\", \"testing left\", ${words}, false},
")
expect_property(impasto_component_needs "find_dependency(One COMPONENTS CXX)
impasto_find_modules(IMPASTO_HERE \"two libraries\" two>=1)
find_dependency(One COMPONENTS CXX)
impasto_find_modules(IMPASTO_WANTED \"two libraries\" two>=1)
")
expect_property(impasto_component_found "set(impasto_here_FOUND TRUE)\nset(impasto_wanted_FOUND TRUE)\n")

execute_process(COMMAND ${CMAKE_COMMAND} -Dlost=1 -P ${CMAKE_CURRENT_LIST_FILE}
                RESULT_VARIABLE status OUTPUT_QUIET ERROR_VARIABLE error)
string(REGEX REPLACE "[ \n]+" " " error "${error}")
if(status EQUAL 0 OR NOT error MATCHES "IMPASTO_LOST is ON, but CMake does not find .*one-dev two-dev")
  message(FATAL_ERROR "expected a line that says what is lost, found: ${error}")
endif()
