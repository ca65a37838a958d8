# Draws accuracy.svg and accuracy.png from accuracy.tsv. In this folder: gnuplot -d accuracy.gp
set encoding utf8
set datafile separator tab
set datafile missing 'NaN'
unset key
set border 3 linecolor rgb '#59636e' linewidth 1
set tics nomirror out scale 0.6 textcolor rgb '#59636e'
set grid ytics linetype 1 linewidth 0.8 linecolor rgb '#dfe4ea'
set lmargin at screen 0.1132
set rmargin at screen 0.8474
set bmargin at screen 0.1435
set tmargin at screen 0.8739
set label 1 'Test accuracy over iterations' at screen 0.0184, 0.9478 left font ',17' textcolor rgb '#1f2328'
set xrange [0:44686.3]
set xtics ('0' 0, '10,000' 10000, '20,000' 20000, '30,000' 30000, '40,000' 40000)
set yrange [0.984038:0.998262]
set ytics ('98.5' 0.985, '99.0' 0.99, '99.5' 0.995)
f(x) = x
g(x) = x
set xlabel 'iteration' textcolor rgb '#59636e' offset 0,0.2
set label 100000 'test accuracy (%)' at screen 0.0263, graph 0.5 center rotate textcolor rgb '#59636e'
set label 2 'mnist-99-7' at graph 1.018, graph 0.8949 left textcolor rgb '#0072b2'

set terminal svg size 760,460 dynamic noenhanced font 'sans-serif,15' background '#ffffff'
set output 'accuracy.svg'
plot \
  'accuracy.tsv' index 0 using (g($1)):(f($3)):(f($4)) with filledcurves linecolor rgb '#0072b2' fillstyle transparent solid 0.18 noborder, \
  'accuracy.tsv' index 0 using (g($1)):(f($2)) with lines linewidth 2.2 linecolor rgb '#0072b2'
unset output

set terminal pngcairo size 1520,920 noenhanced font 'sans-serif,11.3' fontscale 2 linewidth 2 pointscale 2 background '#ffffff'
set output 'accuracy.png'
replot
unset output
